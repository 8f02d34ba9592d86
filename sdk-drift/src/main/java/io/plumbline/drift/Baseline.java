package io.plumbline.drift;

/**
 * What a drift metric is between chunks of the reference and the whole of it: what no drift looks
 * like in this data, with its seasons and bursts.
 *
 * @param mean the mean over the chunks
 * @param standardDeviation over the chunks, dividing by their number
 * @param p99 the 99th percentile, between order statistics on a line
 * @param chunks how many chunks, 10 to 20
 * @param chunkRows how many rows a chunk has; larger windows vary less
 */
public record Baseline(
    double mean, double standardDeviation, double p99, int chunks, long chunkRows) {}
