package io.plumbline.cli;

import io.plumbline.drift.internal.page.Attr;
import io.plumbline.drift.internal.page.Html;
import io.plumbline.drift.internal.page.Tag;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The pictures that runs have kept, as far as the page has room for them. */
final class ReportPictures {
  private final ReportView report;
  private final Html html;
  private final List<String> names;

  ReportPictures(ReportView report, Html html, List<String> names) {
    this.report = report;
    this.html = html;
    this.names = names;
  }

  /**
   * Writes the pictures, those of the newest runs first.
   *
   * @param room how many characters there may be
   */
  void write(int room) {
    int left = room;
    int leftOut = 0;
    html.open(Tag.DIV, "cards");
    for (ReportView.Picture picture : report.pictures()) {
      long size = picture.size() * 4 / 3 + 400;
      byte[] content = size > left ? new byte[0] : picture.content().read();
      Html.Image type = type(content);
      if (type == null) {
        leftOut++;
        continue;
      }
      left -= (int) size;
      String run = names.get(picture.run());
      String path = ReportTexts.cut(picture.path());
      html.open(Tag.FIGURE).open(Tag.IMG).attr(Attr.ALT, path + " of the run " + run);
      html.source(type, content).close();
      html.open(Tag.FIGCAPTION).text(path + " of " + run).close().close().line();
    }
    html.close();
    if (leftOut > 0) {
      html.leaf(
          Tag.P,
          "note",
          Format.count(leftOut, "picture")
              + " left out: no room on a page of 5 MB, or no picture in the file."
              + " `plumbline artifacts ID --download DIR` copies all.");
    }
  }

  /** Looks at the content: a name says nothing. */
  static Html.@Nullable Image type(byte[] content) {
    if (starts(content, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n')) {
      return Html.Image.PNG;
    }
    if (starts(content, 0xff, 0xd8, 0xff)) {
      return Html.Image.JPEG;
    }
    String start =
        new String(content, 0, Math.min(1_000, content.length), StandardCharsets.UTF_8).strip();
    boolean svg = start.startsWith("<svg") || start.startsWith("<?xml") && start.contains("<svg");
    return svg ? Html.Image.SVG : null;
  }

  private static boolean starts(byte[] content, int... start) {
    if (content.length < start.length) {
      return false;
    }
    for (int i = 0; i < start.length; i++) {
      if ((content[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }
}
