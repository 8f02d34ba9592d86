/**
 * Who we are to a server, from the configuration: a password, a token, a file, or a fetched token.
 */
@NullMarked
package io.plumbline.internal.credentials;

import org.jspecify.annotations.NullMarked;
