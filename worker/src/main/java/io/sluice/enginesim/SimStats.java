package io.sluice.enginesim;

/**
 * What a simulated server has seen; how tests prove that there are never more requests than slots.
 *
 * @param requests generations asked for; a preload is none
 * @param running generations that hold a slot now, a cancelled one that still holds it included
 * @param runningMax the most that ever ran at a time
 * @param open requests from their arrival until their slot is free, waiting ones included
 * @param openMax the most that were ever open at a time: more than slots means that a client broke
 *     its bound
 * @param completed ended with {@code done:true}
 * @param cancelled ended by a closed connection
 * @param failed ended by a fault or a refusal
 * @param loads of a model, the first one included
 * @param reloads loads that another option or shift of the same model forced
 * @param abortedLoads ended by a closed connection
 * @param tokens generated
 * @param readTokens of prompts, read
 * @param cachedTokens of prompts, found in the cache of their slot
 * @param heldMax the most tokens of prompts and outputs that ever had their place in the cache at a
 *     time; 0 with Ollama, which has slots
 * @param truncated prompts of which a part was silently left out, since they were longer than the
 *     context and the request did not forbid it
 */
public record SimStats(
    long requests,
    int running,
    int runningMax,
    int open,
    int openMax,
    long completed,
    long cancelled,
    long failed,
    long loads,
    long reloads,
    long abortedLoads,
    long tokens,
    long readTokens,
    long cachedTokens,
    long heldMax,
    long truncated) {}
