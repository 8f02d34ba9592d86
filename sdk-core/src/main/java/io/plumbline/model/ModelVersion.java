package io.plumbline.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One version of a registered model, as it was when it was read: an immutable picture.
 *
 * <p>A logged model that is not registered, which {@code runs:/} and {@code models:/m-...} can
 * name, is a version with the number 0.
 */
public final class ModelVersion {
  private final String name;
  private final int version;
  private final String digest;
  private final String flavor;
  private final List<Artifact> parts;
  private final Instant created;
  private final String user;
  private final String description;
  private final Map<String, String> tags;
  private final Set<String> aliases;
  private final Lineage lineage;
  private final @Nullable String quarantine;
  private final boolean deleted;

  private ModelVersion(Builder b) {
    this.name = b.name;
    this.version = b.version;
    this.digest = b.digest;
    this.flavor = b.flavor;
    this.parts = List.copyOf(b.parts);
    this.created = b.created;
    this.user = b.user;
    this.description = b.description;
    this.tags = Map.copyOf(b.tags);
    this.aliases = Set.copyOf(b.aliases);
    this.lineage = b.lineage;
    this.quarantine = b.quarantine;
    this.deleted = b.deleted;
  }

  /** Starts a version with that number; everything else has a default. */
  public static Builder builder(String name, int version) {
    return new Builder(name, version);
  }

  /** Returns the picture of a logged model that is not registered. */
  public static ModelVersion unregistered(LoggedModel model) {
    return builder(model.name(), 0)
        .content(model.flavor(), model.digest(), model.parts())
        .created(model.created())
        .lineage(new Lineage(model.runId(), model.id(), "", null, List.of(), List.of()))
        .build();
  }

  /** Returns a builder with this version's values. */
  public Builder toBuilder() {
    Builder b = new Builder(name, version);
    b.digest = digest;
    b.flavor = flavor;
    b.parts = parts;
    b.created = created;
    b.user = user;
    b.description = description;
    b.tags = new LinkedHashMap<>(tags);
    b.aliases = new TreeSet<>(aliases);
    b.lineage = lineage;
    b.quarantine = quarantine;
    b.deleted = deleted;
    return b;
  }

  /** Returns the registered model's name; of one that is not registered, the name in its run. */
  public String name() {
    return name;
  }

  /** Returns the number, from 1; 0 if the model is not registered. */
  public int version() {
    return version;
  }

  /** Returns whether it is a version in the registry. */
  public boolean registered() {
    return version > 0;
  }

  /** Returns the reference that names it and no other. */
  public String uri() {
    return registered()
        ? new ModelRef.ByVersion(name, version).toString()
        : ModelRefParser.SCHEME + lineage.modelId();
  }

  /** Returns the package's digest: 64 hex digits. */
  public String digest() {
    return digest;
  }

  /** Returns which loader reads it, such as {@code lightgbm}. */
  public String flavor() {
    return flavor;
  }

  /** Returns its files, with paths relative to the package. */
  public List<Artifact> parts() {
    return parts;
  }

  /** Returns the size of all files in bytes. */
  public long size() {
    return parts.stream().mapToLong(Artifact::size).sum();
  }

  /** Returns when it was registered. */
  public Instant created() {
    return created;
  }

  /** Returns who registered it. */
  public String user() {
    return user;
  }

  /** Returns what people are to know about it; may be empty. */
  public String description() {
    return description;
  }

  /** Returns its tags. */
  public Map<String, String> tags() {
    return tags;
  }

  /** Returns the aliases that pointed to it when it was read. */
  public Set<String> aliases() {
    return aliases;
  }

  /** Returns where it comes from. */
  public Lineage lineage() {
    return lineage;
  }

  /** Returns why it must not be used, if it is quarantined. */
  public Optional<String> quarantine() {
    return Optional.ofNullable(quarantine);
  }

  /** Returns whether it is deleted. */
  public boolean deleted() {
    return deleted;
  }

  /** Returns whether it may be resolved: neither deleted nor quarantined. */
  public boolean usable() {
    return !deleted && quarantine == null;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ModelVersion that
        && name.equals(that.name)
        && version == that.version
        && digest.equals(that.digest)
        && tags.equals(that.tags)
        && aliases.equals(that.aliases)
        && description.equals(that.description)
        && lineage.equals(that.lineage)
        && Objects.equals(quarantine, that.quarantine)
        && deleted == that.deleted;
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, version, digest);
  }

  /** The reference and the beginning of the digest. */
  @Override
  public String toString() {
    return uri() + " (sha256 " + digest.substring(0, Math.min(12, digest.length())) + ")";
  }

  /** Builds a version: for backends. */
  public static final class Builder {
    private final String name;
    private int version;
    private String digest = "";
    private String flavor = "";
    private List<Artifact> parts = new ArrayList<>();
    private Instant created = Instant.EPOCH;
    private String user = "";
    private String description = "";
    private Map<String, String> tags = new LinkedHashMap<>();
    private Set<String> aliases = new TreeSet<>();
    private Lineage lineage = Lineage.UNKNOWN;
    private @Nullable String quarantine;
    private boolean deleted;

    private Builder(String name, int version) {
      this.name = Objects.requireNonNull(name, "name");
      this.version = version;
    }

    /** Sets what the version is made of. */
    public Builder content(String flavor, String digest, List<Artifact> parts) {
      this.flavor = Objects.requireNonNull(flavor, "flavor");
      this.digest = Objects.requireNonNull(digest, "digest");
      this.parts = List.copyOf(parts);
      return this;
    }

    /** Sets when it was registered. */
    public Builder created(Instant created) {
      this.created = Objects.requireNonNull(created, "created");
      return this;
    }

    /** Sets who registered it. */
    public Builder user(String user) {
      this.user = Objects.requireNonNull(user, "user");
      return this;
    }

    /** Sets the description. */
    public Builder description(String description) {
      this.description = Objects.requireNonNull(description, "description");
      return this;
    }

    /** Sets all tags. */
    public Builder tags(Map<String, String> tags) {
      this.tags = new LinkedHashMap<>(tags);
      return this;
    }

    /** Sets all aliases. */
    public Builder aliases(Set<String> aliases) {
      this.aliases = new TreeSet<>(aliases);
      return this;
    }

    /** Sets where it comes from. */
    public Builder lineage(Lineage lineage) {
      this.lineage = Objects.requireNonNull(lineage, "lineage");
      return this;
    }

    /** Sets why it must not be used; null if it may be. */
    public Builder quarantine(@Nullable String reason) {
      this.quarantine = reason;
      return this;
    }

    /** Sets whether it is deleted. */
    public Builder deleted(boolean deleted) {
      this.deleted = deleted;
      return this;
    }

    /** Makes the version, with another number. */
    public ModelVersion build(int number) {
      version = number;
      return build();
    }

    /** Makes the version. */
    public ModelVersion build() {
      return new ModelVersion(this);
    }
  }
}
