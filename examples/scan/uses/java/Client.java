package example;

final class Client {
  private static final String HOST = "https://app.getcensus.com";

  String webhooks() {
    return HOST + "/api/v1/webhooks";
  }
}
