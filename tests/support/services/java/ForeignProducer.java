import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Another program's producer, as tests need it: what Kafka's command line tools cannot write.
 *
 * Arguments: bootstrap topic codec steps… where a step is `begin`, `commit`, `abort`, `flush`, `many:COUNT:TEXT`,
 * or `KEY=VALUE` with hexadecimal bytes on both sides, `-` for null.
 */
public class ForeignProducer {
  public static void main(String[] args) throws Exception {
    boolean transactional = java.util.List.of(args).contains("begin");
    Map<String, Object> settings = new java.util.HashMap<>(Map.of(
        "bootstrap.servers", args[0], "compression.type", args[2], "linger.ms", 50, "batch.size", 8_000_000,
        "max.request.size", 8_000_000,
        "enable.idempotence", true));
    if (transactional) settings.put("transactional.id", "foreign-" + args[1]);
    ByteArraySerializer bytes = new ByteArraySerializer();
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings, bytes, bytes)) {
      if (transactional) producer.initTransactions();
      for (int i = 3; i < args.length; i++) step(producer, args[1], args[i]);
    }
  }

  private static void step(KafkaProducer<byte[], byte[]> producer, String topic, String step) {
    switch (step) {
      case "begin" -> producer.beginTransaction();
      case "commit" -> producer.commitTransaction();
      case "abort" -> {
        // What is aborted is to be in the log all the same.
        producer.flush();
        producer.abortTransaction();
      }
      case "flush" -> producer.flush();
      default -> {
        if (step.startsWith("many:")) {
          String[] parts = step.split(":", 3);
          for (int i = 0; i < Integer.parseInt(parts[1]); i++) {
            byte[] value = (parts[2] + i).getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(topic, 0, null, value));
          }
          return;
        }
        int sign = step.indexOf('=');
        producer.send(new ProducerRecord<>(topic, 0, bytesOf(step.substring(0, sign)), bytesOf(step.substring(sign + 1))));
      }
    }
  }

  private static byte[] bytesOf(String hex) {
    return hex.equals("-") ? null : java.util.HexFormat.of().parseHex(hex);
  }
}
