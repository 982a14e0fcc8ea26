package io.sluice.gateway.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** What names of hosts mean. */
@FunctionalInterface
interface Names {
  /** As this machine resolves them; may block for as long as its resolver waits. */
  Names SYSTEM = name -> List.of(InetAddress.getAllByName(name));

  /** All addresses of a host, at least one. */
  List<InetAddress> of(String name) throws UnknownHostException;
}
