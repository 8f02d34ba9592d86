/**
 * What a backend implements: synchronous store-and-fetch, and nothing else. The SDK owns queues,
 * retries, caches, threads and logs, so that one kit pins every backend.
 */
@NullMarked
package io.plumbline.spi;

import org.jspecify.annotations.NullMarked;
