package io.sluice.cli.bulk;

import io.sluice.cli.Exit;
import io.sluice.cli.Refusal;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.PatternSyntaxException;

/**
 * Finds the documents that a command names: files, folders with all that is in them, and patterns.
 * Used by one thread.
 */
final class DocumentSearch {
  /** As many as a pipeline takes. */
  static final int DOCUMENTS_MAX = 10_000;

  private final List<PathMatcher> includes;
  private final List<PathMatcher> excludes;
  private final Map<Path, FoundDocument> found = new LinkedHashMap<>();
  private final Skipped skipped = new Skipped();

  /**
   * @param includes patterns one of which a file's name, or its path in its folder, must match;
   *     every one does where there are none
   * @param excludes patterns none of which it may match
   */
  DocumentSearch(List<String> includes, List<String> excludes) {
    this.includes = includes.stream().map(DocumentSearch::pattern).toList();
    this.excludes = excludes.stream().map(DocumentSearch::pattern).toList();
  }

  /** What was named, in that order; within a folder by path. */
  List<FoundDocument> find(List<String> named) {
    named.forEach(this::add);
    return List.copyOf(found.values());
  }

  /** What was left out, and why. */
  Skipped skipped() {
    return skipped;
  }

  private void add(String named) {
    try {
      Path path = Path.of(named);
      if (Files.isDirectory(path)) {
        walk(path, path, List.of());
      } else if (Files.isRegularFile(path)) {
        addNamed(path);
      } else if (isPattern(named)) {
        addMatching(named);
      } else {
        throw new Refusal(Exit.USAGE, named + ": no such file or folder");
      }
    } catch (IOException e) {
      throw new Refusal(Exit.USAGE, "cannot read " + named + ": " + ResultFile.reason(e));
    }
  }

  /** Somebody asked for this very file: neither its name nor a pattern keeps it out. */
  private void addNamed(Path path) throws IOException {
    keep(FoundDocument.of(path, shown(path)));
  }

  /** A pattern that no shell has spelled out, from the last folder that has none in its name. */
  private void addMatching(String named) throws IOException {
    String fixed = named.substring(0, firstSpecial(named));
    int slash = fixed.lastIndexOf('/');
    Path root = Path.of(slash < 0 ? "." : fixed.substring(0, slash + 1));
    int before = found.size();
    if (Files.isDirectory(root)) {
      walk(root, Path.of(""), List.of(pattern(named)));
    }
    if (found.size() == before) {
      throw new Refusal(Exit.USAGE, named + ": matches no file");
    }
  }

  /**
   * @param matched what the paths must match besides, as they are shown
   */
  private void walk(Path root, Path base, List<PathMatcher> matched) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(root, new Visitor(root, files));
    files.sort(null);
    for (Path file : files) {
      Path relative = root.relativize(file);
      boolean wanted =
          matched.isEmpty() || matched.stream().allMatch(one -> one.matches(clean(file)));
      if (wanted && passes(relative)) {
        keep(FoundDocument.of(file, shown(file)));
      }
    }
  }

  private static Path clean(Path file) {
    return file.startsWith(".") ? Path.of(".").relativize(file) : file;
  }

  private boolean passes(Path relative) {
    boolean in = includes.isEmpty() || matches(includes, relative);
    return in && !matches(excludes, relative);
  }

  private static boolean matches(List<PathMatcher> patterns, Path relative) {
    return patterns.stream()
        .anyMatch(one -> one.matches(relative) || one.matches(relative.getFileName()));
  }

  private void keep(FoundDocument document) {
    if (document.bytes() == 0) {
      skipped.add("empty", document.name());
      return;
    }
    found.putIfAbsent(document.path(), document);
    if (found.size() > DOCUMENTS_MAX) {
      throw new Refusal(
          Exit.USAGE,
          "there are more than "
              + Amounts.count(DOCUMENTS_MAX)
              + " documents: name fewer at a time");
    }
  }

  private static String shown(Path path) {
    String text = path.normalize().toString();
    return text.isEmpty() ? path.getFileName().toString() : text;
  }

  private static boolean isPattern(String text) {
    return firstSpecial(text) < text.length();
  }

  private static int firstSpecial(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("*?[{".indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static PathMatcher pattern(String text) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + text);
    } catch (PatternSyntaxException e) {
      throw new Refusal(Exit.USAGE, "'" + text + "' is no pattern such as *.pdf or 2024/**");
    }
  }

  /** Collects plain files. A link is not followed: it may lead out of the folder, or round. */
  private final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final List<Path> files;

    Visitor(Path root, List<Path> files) {
      this.root = root;
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is) {
      if (!folder.equals(root) && isHidden(folder)) {
        skipped.add("hidden", shown(folder));
        return FileVisitResult.SKIP_SUBTREE;
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes is) {
      if (isHidden(file)) {
        skipped.add("hidden", shown(file));
      } else if (is.isSymbolicLink()) {
        skipped.add("links", shown(file));
      } else if (is.isRegularFile()) {
        files.add(file);
      } else {
        skipped.add("no plain files", shown(file));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      skipped.add("not readable", shown(file));
      return FileVisitResult.CONTINUE;
    }

    private boolean isHidden(Path path) {
      return path.getFileName().toString().startsWith(".");
    }
  }
}
