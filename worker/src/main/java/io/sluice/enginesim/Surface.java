package io.sluice.enginesim;

import java.io.IOException;

/** Everything that can be asked of a simulated server. */
interface Surface {
  void handle(Exchange exchange) throws IOException;
}
