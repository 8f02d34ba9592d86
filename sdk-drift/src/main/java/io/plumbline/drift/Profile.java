package io.plumbline.drift;

import io.plumbline.drift.internal.profile.Frame;
import io.plumbline.drift.internal.profile.OtherColumns;
import io.plumbline.internal.Printable;
import io.plumbline.internal.digest.Sha256;
import io.plumbline.model.ModelDocument;
import io.plumbline.model.ModelPart;
import io.plumbline.model.Signature;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a model's data looked like when it was trained: for each column its bins, its counts and its
 * moments. It travels with the model, so that what is served can be counted into the same bins and
 * compared with it. Immutable.
 *
 * <pre>{@code
 * Profile profile = Profile.builder().add("temp", temperatures).add("origin", origins).build();
 * ProfileCounter counter = profile.counter();
 * }</pre>
 */
public final class Profile implements ModelDocument {
  /** The file in a model package. */
  public static final String FILE = "reference_profile.json";

  private final List<ColumnProfile> columns;
  private final ProfileFacts facts;
  private final Frame frame;
  private final byte[] json;
  private final String id;

  Profile(List<ColumnProfile> columns, ProfileFacts facts) {
    this.columns = List.copyOf(columns);
    this.facts = facts;
    this.frame = new Frame(this.columns.stream().map(ColumnProfile::frame).toList());
    this.json = ProfileJson.write(this.columns, facts);
    this.id = Sha256.of(json);
  }

  /** Starts a profile. */
  public static ProfileBuilder builder() {
    return new ProfileBuilder();
  }

  /** The SHA-256, in hex, of the canonical JSON: equal profiles have equal ids. */
  public String id() {
    return id;
  }

  /** What the profile was called when it was made. */
  public Optional<String> label() {
    return Optional.ofNullable(facts.label());
  }

  /** The number of rows of the reference. */
  public long rows() {
    return counts().rows();
  }

  /** The columns. */
  public List<ColumnProfile> columns() {
    return columns;
  }

  /**
   * A column.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public ColumnProfile column(String name) {
    return columns.get(frame.position(name));
  }

  /** Whether there is a column of that name. */
  public boolean has(String name) {
    return frame.find(name) >= 0;
  }

  /** A counter for one thread. */
  public ProfileCounter counter() {
    return new ProfileCounter(frame);
  }

  /** The reference's own counts, as if it were a window. */
  public WindowCounts counts() {
    return new WindowCounts(
        frame,
        columns.stream().map(ColumnProfile::reference).toList(),
        OtherColumns.Seen.NOTHING,
        null,
        null,
        null);
  }

  /** The digest of the feature schema that the model was trained with. */
  public Optional<String> schemaDigest() {
    return Optional.ofNullable(facts.schemaDigest());
  }

  /** The digest of the feature transform that made the columns. */
  public Optional<String> transformDigest() {
    return Optional.ofNullable(facts.transformDigest());
  }

  /** The name of the data set. */
  public Optional<String> datasetName() {
    return Optional.ofNullable(facts.datasetName());
  }

  /** The digest of the data set. */
  public Optional<String> datasetDigest() {
    return Optional.ofNullable(facts.datasetDigest());
  }

  /** The scores' histogram with positives, for estimates of performance without labels. */
  public Optional<Calibration> calibration() {
    return Optional.ofNullable(facts.calibration());
  }

  /** Decision thresholds by name, such as that of the positive class. */
  public Map<String, Double> thresholds() {
    return facts.thresholds();
  }

  /** What the model achieved on its test data, by metric: alarms compare with it. */
  public Map<String, Double> performance() {
    return facts.performance();
  }

  /**
   * The rows of both profiles in one, whose bins are this one's. What is known of this one only,
   * such as its baselines and thresholds, is kept.
   *
   * @throws IllegalArgumentException if the bins differ: rows cannot be moved between bins exactly.
   *     Make one profile from the rows instead, or count the second part with {@link #counter}
   */
  public Profile merge(Profile other) {
    return withMore(other.counts());
  }

  /**
   * The reference with more rows, counted with {@link #counter}.
   *
   * @throws IllegalArgumentException if they were counted into other bins
   */
  public Profile withMore(WindowCounts rows) {
    WindowCounts both = counts().merge(rows);
    return new Profile(
        IntStream.range(0, columns.size())
            .mapToObj(
                i ->
                    new ColumnProfile(
                        columns.get(i).frame(),
                        both.counts().get(i),
                        -1,
                        columns.get(i).baselines()))
            .toList(),
        facts);
  }

  /** The profile as canonical JSON (RFC 8785). */
  public byte[] toJson() {
    return json.clone();
  }

  /**
   * Reads what {@link #toJson} has written. Nothing in it is trusted: edges must rise, counts must
   * add up, names must differ.
   *
   * @throws IllegalArgumentException if it is no profile of a version that is known here; the
   *     message says where
   */
  public static Profile fromJson(byte[] utf8) {
    return ProfileJson.read(utf8);
  }

  @Override
  public ModelPart toPart() {
    return ModelPart.json(FILE, json);
  }

  /**
   * Refuses a signature with whose named inputs this profile can't be of the same model: it counts
   * one of them as another type, or watches none of them. Columns beside the inputs are fine.
   */
  @Override
  public void requireFits(Signature signature) {
    SignatureFit.require(this, signature);
  }

  Frame frame() {
    return frame;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Profile profile && profile.id.equals(id);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** Label, columns, rows and the beginning of the id. */
  @Override
  public String toString() {
    return Printable.line(label().orElse("profile"))
        + " ("
        + columns.size()
        + " columns, "
        + rows()
        + " rows, "
        + id.substring(0, 12)
        + ")";
  }
}
