package io.sluice.gateway;

/**
 * A form with a file, as clients send it.
 *
 * @param parts all but its end
 */
record Form(String parts) {
  private static final String BOUNDARY = "----boundary7MA4YWxkTrZu0gW";

  static Form of(String filename, String content) {
    return new Form("").file(filename, content);
  }

  Form file(String filename, String content) {
    return part("name=\"file\"; filename=\"" + filename + "\"", content);
  }

  Form text(String name, String value) {
    return part("name=\"" + name + "\"", value);
  }

  Form part(String parameters, String value) {
    return new Form(
        parts
            + "--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n"
                .formatted(BOUNDARY, parameters, value));
  }

  /** The whole of it. */
  String body() {
    return parts + "--" + BOUNDARY + "--\r\n";
  }

  static String type() {
    return "multipart/form-data; boundary=" + BOUNDARY;
  }
}
