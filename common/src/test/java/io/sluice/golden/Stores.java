package io.sluice.golden;

import io.sluice.Admission;
import io.sluice.Directory;
import io.sluice.Grants;
import io.sluice.JobEvents;
import io.sluice.JobHistory;
import io.sluice.JobStore;
import io.sluice.Leases;
import io.sluice.Tenants;
import io.sluice.TokenKeys;

/** The ports that leave something behind for another version to read, all of one store. */
public record Stores(
    Admission admission,
    JobStore jobs,
    Leases leases,
    JobEvents events,
    JobHistory history,
    Directory keys,
    Tenants tenants,
    Grants grants,
    TokenKeys tokenKeys) {}
