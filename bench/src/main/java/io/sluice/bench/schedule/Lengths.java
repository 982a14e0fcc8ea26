package io.sluice.bench.schedule;

import java.util.random.RandomGenerator;

/**
 * Log-normal lengths in tokens.
 *
 * @param variation the squared coefficient of variation: variance by squared mean
 */
record Lengths(double meanPrompt, double meanOutput, double variation) {
  /** As chats have them. */
  static final Lengths CHAT = new Lengths(200, 250, 1.5);

  Lengths times(double factor) {
    return new Lengths(factor * meanPrompt, factor * meanOutput, variation);
  }

  Lengths variation(double other) {
    return new Lengths(meanPrompt, meanOutput, other);
  }

  int prompt(RandomGenerator random) {
    return draw(meanPrompt, random);
  }

  int output(RandomGenerator random) {
    return draw(meanOutput, random);
  }

  /** How long a job keeps its slot in the mean. */
  double serviceMs() {
    return SimJob.serviceMs(meanPrompt, meanOutput);
  }

  private int draw(double mean, RandomGenerator random) {
    double logVariance = Math.log(1 + variation);
    double log = Math.log(mean) - logVariance / 2 + Math.sqrt(logVariance) * random.nextGaussian();
    return (int) Math.max(1, Math.round(Math.exp(log)));
  }
}
