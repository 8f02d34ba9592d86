/**
 * HTTP for backends: one request, one attempt, one answer. What is repeated, and when, is decided
 * by who calls. OkHttp stays behind {@link io.plumbline.internal.http.HttpTransport}.
 */
@NullMarked
package io.plumbline.internal.http;

import org.jspecify.annotations.NullMarked;
