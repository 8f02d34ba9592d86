package io.plumbline.drift.internal.page;

import io.plumbline.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One HTML file: a head with the style sheet and the scripts, a body that is written into {@link
 * #body()}. Its Content-Security-Policy lets exactly those scripts run and nothing be loaded.
 */
public final class Page {
  private static final Asset STYLE = Asset.of(Page.class, "page.css");
  private static final Asset SCRIPT = Asset.of(Page.class, "page.js");

  private final String title;
  private final List<Asset> scripts = new ArrayList<>(List.of(SCRIPT));
  private final Html body = new Html();
  private byte[] bytes = {};

  /** Begins a page. */
  public Page(String title) {
    this.title = title;
  }

  /** Adds a script, which runs after those before it and after the body. */
  public Page script(Asset script) {
    scripts.add(script);
    return this;
  }

  /** Returns the content of the body. */
  public Html body() {
    return body;
  }

  /** Writes the top of the page: the name, a line below it, and links to its sections. */
  public void header(String heading, String line, List<Section> sections) {
    body.open(Tag.A, "skip").linkTo("main").text("Skip to the content").close().line();
    body.open(Tag.HEADER, "top").open(Tag.DIV, "wrap");
    body.leaf(Tag.H1, heading).leaf(Tag.P, "quiet", line);
    body.open(Tag.NAV).attr(Attr.ARIA_LABEL, "Sections").open(Tag.UL);
    for (Section section : sections) {
      body.open(Tag.LI).open(Tag.A).linkTo(section.id()).text(section.name()).close().close();
    }
    body.close().close().close().close().line();
    body.open(Tag.MAIN, "wrap").attr(Attr.ID, "main");
  }

  /** Begins a section; {@link Html#close} ends it. */
  public Html section(Section section) {
    body.line().open(Tag.SECTION).attr(Attr.ID, section.id());
    return body.leaf(Tag.H2, section.name());
  }

  /** Ends what {@link #header} has begun. */
  public void footer(String line) {
    body.close().line();
    body.open(Tag.FOOTER).open(Tag.DIV, "wrap").text(line).close().close();
  }

  /**
   * A part of the page with a heading.
   *
   * @param id by which links find it
   * @param name its heading
   */
  public record Section(String id, String name) {}

  /** Returns the whole file in UTF-8; nothing is added to the body from then on. */
  public byte[] bytes() {
    if (bytes.length == 0) {
      bytes = text().getBytes(StandardCharsets.UTF_8);
    }
    return bytes;
  }

  /** Returns the whole file. */
  public String text() {
    Html head = new Html();
    head.leaf(Tag.TITLE, title);
    String content = body.content();
    StringBuilder page = new StringBuilder(content.length() + (1 << 15));
    page.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.append("<meta http-equiv=\"Content-Security-Policy\" content=\"").append(policy());
    page.append("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.append("<meta name=\"referrer\" content=\"no-referrer\">\n");
    page.append("<meta name=\"generator\" content=\"Plumbline\">\n").append(head.content());
    page.append("\n<style>").append(STYLE.text()).append("</style>\n</head>\n<body>\n");
    page.append(content).append('\n');
    for (Asset script : scripts) {
      page.append("<script>").append(script.text()).append("</script>\n");
    }
    return page.append("</body>\n</html>\n").toString();
  }

  private String policy() {
    return "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; style-src "
        + STYLE.source()
        + "; script-src "
        + scripts.stream().map(Asset::source).collect(Collectors.joining(" "));
  }

  /**
   * Writes the file; whoever has the old one open never sees half of a new one.
   *
   * @return its size in bytes
   * @throws StoreException if it can't be written
   */
  public long write(Path file) {
    Path target = file.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      Files.write(part, bytes());
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new StoreException("the page " + file + " can't be written: " + e, e);
    }
    return bytes().length;
  }
}
