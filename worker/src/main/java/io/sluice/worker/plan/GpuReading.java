package io.sluice.worker.plan;

import java.util.OptionalInt;

/**
 * What a GPU is doing.
 *
 * @param index as the driver counts them, from 0
 * @param usedBytes by all processes
 * @param loadPercent of the time in which something ran on it; not told by every card
 */
public record GpuReading(int index, Gpu gpu, long usedBytes, OptionalInt loadPercent) {}
