package io.sluice.gateway.submit;

/** What the client of a job does until it ends. */
public enum Presence {
  /** It waits for the answer on the request that asked, and the job ends when it leaves. */
  HELD,

  /** It has its answer when the job is accepted, and the job goes on without it. */
  RELEASED
}
