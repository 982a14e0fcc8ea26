package io.sluice.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.TextExtraction.Extracted;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A process that a document got hold of may answer anything. */
class ReceivingTest {
  private static final int CHARACTERS_MAX = 10;

  @Test
  void an_honest_answer_is_taken() throws IOException {
    Extracted text = (Extracted) receive(answer(new int[] {0, 2}, 3, "abc".getBytes()));
    assertThat(text.text()).isEqualTo("abc");
    assertThat(text.pageStarts()).containsExactly(0, 2);
  }

  @Test
  void more_text_than_allowed_or_promised_is_not_taken() {
    refuses(answer(new int[] {0}, 11, "abcdefghijk".getBytes()));
    refuses(answer(new int[] {0}, 2, "abc".getBytes()));
    refuses(answer(new int[] {0}, 4, "abc".getBytes()));
    refuses(answer(new int[] {0}, -1, "abc".getBytes()));
  }

  @Test
  void text_that_is_not_well_formed_is_not_taken() {
    refuses(answer(new int[] {0}, 3, new byte[] {'a', (byte) 0xED, (byte) 0xA0, (byte) 0x80}));
    refuses(answer(new int[] {0}, 3, new byte[] {'a', 0, 'b'}));
  }

  @Test
  void pages_that_are_not_in_the_text_are_not_taken() {
    refuses(answer(new int[] {0, 4}, 3, "abc".getBytes()));
    refuses(answer(new int[] {0, 2, 1}, 3, "abc".getBytes()));
    refuses(answer(new int[] {1}, 3, "abc".getBytes()));
    refuses(answer(new int[] {-1}, 3, "abc".getBytes()));
  }

  @Test
  void another_answer_than_these_is_not_taken() {
    refuses(new byte[] {'T', 'e'});
    refuses(new byte[0]);
    refuses(new byte[] {Wire.REFUSED, 0, 1, 'X', 0, 1, 'Y'});
  }

  private static void refuses(byte[] answer) {
    assertThatThrownBy(() -> receive(answer)).isInstanceOf(IOException.class);
  }

  private static Object receive(byte[] answer) throws IOException {
    return new Receiving(new DataInputStream(new ByteArrayInputStream(answer)), CHARACTERS_MAX)
        .receive();
  }

  private static byte[] answer(int[] pageStarts, int length, byte[] text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(Wire.EXTRACTED);
      out.writeUTF("text/plain");
      out.writeUTF("");
      out.writeInt(pageStarts.length);
      for (int start : pageStarts) {
        out.writeInt(start);
      }
      out.writeInt(length);
      out.writeInt(text.length);
      out.write(text);
      out.writeInt(Wire.WHOLE);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
    return bytes.toByteArray();
  }
}
