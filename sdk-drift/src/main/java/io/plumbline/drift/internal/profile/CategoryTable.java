package io.plumbline.drift.internal.profile;

import java.util.List;

/** Finds the code of a category's text, without making a string of it. */
final class CategoryTable {
  private final String[] slots;
  private final int[] codes;
  private final int mask;
  private int longest;

  CategoryTable(List<String> categories) {
    int size = Integer.highestOneBit(Math.max(1, categories.size())) << 2;
    slots = new String[size];
    codes = new int[size];
    mask = size - 1;
    for (int code = 0; code < categories.size(); code++) {
      String text = categories.get(code);
      int slot = mix(text) & mask;
      while (slots[slot] != null) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = text;
      codes[slot] = code;
      longest = Math.max(longest, text.length());
    }
  }

  /** Returns the code of a text, or -1. */
  int code(CharSequence text) {
    int code = find(text);
    return code < 0 && Texts.odd(text) ? find(Texts.normal(text)) : code;
  }

  private int find(CharSequence text) {
    if (text.length() > longest) {
      return -1;
    }
    for (int slot = mix(text) & mask; slots[slot] != null; slot = (slot + 1) & mask) {
      if (slots[slot].contentEquals(text)) {
        return codes[slot];
      }
    }
    return -1;
  }

  private static int mix(CharSequence text) {
    int hash = text.length();
    for (int i = 0; i < text.length(); i++) {
      hash = hash * 31 + text.charAt(i);
    }
    hash *= 0x9E3779B9;
    return hash ^ (hash >>> 15);
  }
}
