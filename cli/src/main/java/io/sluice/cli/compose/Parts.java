package io.sluice.cli.compose;

import io.sluice.Directory;
import io.sluice.gateway.GatewayPorts;
import io.sluice.worker.WorkerPorts;

/** Every port, all of one form: embedded or distributed. */
public interface Parts extends AutoCloseable {
  GatewayPorts gateway();

  WorkerPorts worker();

  default Directory directory() {
    return gateway().access().keys();
  }

  /** The form's name for a person: {@code embedded}, {@code RabbitMQ and Redis}. */
  String form();

  @Override
  void close();
}
