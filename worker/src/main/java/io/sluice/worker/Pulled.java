package io.sluice.worker;

import io.sluice.Delivery;

/** A message that was just pulled, and what it costs its lane. */
record Pulled(Delivery delivery, Fare fare) {}
