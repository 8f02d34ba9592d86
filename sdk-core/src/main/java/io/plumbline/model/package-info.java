/**
 * The words of tracking and of models, as immutable types: experiments, runs, metrics, datasets,
 * and the model package with its signature, feature schema, input example and golden records.
 *
 * <p>A model package is a folder. Beside the model's own files it may hold these documents, all
 * JSON in UTF-8:
 *
 * <ul>
 *   <li>{@code model.json}, the manifest: flavor, its metadata, each part's media type, size and
 *       SHA-256; canonical JSON (RFC 8785) without a time, so that equal packages have equal
 *       digests
 *   <li>{@code signature.json}: a {@link io.plumbline.model.Signature} in MLflow's form
 *   <li>{@code feature_schema.json}: a {@link io.plumbline.model.FeatureSchema}
 *   <li>{@code input_example.json}: an {@link io.plumbline.model.InputExample} in MLflow's split
 *       form
 *   <li>{@code golden_records.json}: the {@link io.plumbline.model.GoldenRecords}
 *   <li>{@code model.sig}: the package's signature, the one file that its digest does not cover
 * </ul>
 */
@NullMarked
package io.plumbline.model;

import org.jspecify.annotations.NullMarked;
