package io.sluice.cli.compose;

import io.sluice.Directory;
import io.sluice.FileStore;
import io.sluice.Fleet;
import io.sluice.HealthCheck;
import io.sluice.gateway.GatewayPorts;
import io.sluice.worker.WorkerPorts;
import java.util.List;

/** Every port, all of one form: embedded or distributed. */
public interface Parts extends AutoCloseable {
  /** The ports of a gateway, whose files are kept there. */
  GatewayPorts gateway(FileStore files);

  WorkerPorts worker();

  Directory directory();

  Fleet fleet();

  /** Whether what the ports stand on answers. */
  List<HealthCheck> checks();

  /** The form's name for a person: {@code embedded}, {@code RabbitMQ and Redis}. */
  String form();

  @Override
  void close();
}
