package io.plumbline.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.plumbline.Secret;
import io.plumbline.internal.config.ProxyAddress;
import java.net.Proxy;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What is named is reached without a proxy")
class NoProxyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*                           | any.host        | 443  | true",
        "example.com                 | example.com     | 443  | true",
        "example.com                 | EXAMPLE.com.    | 443  | true",
        "Example.com                 | a.b.example.com | 443  | true",
        ".example.com                | a.example.com   | 443  | true",
        ".example.com                | example.com     | 443  | true",
        "*.example.com               | a.example.com   | 443  | true",
        "example.com                 | badexample.com  | 443  | false",
        "example.com:8443            | example.com     | 8443 | true",
        "example.com:8443            | example.com     | 443  | false",
        "other, example.com          | example.com     | 443  | true",
        "other example.com           | example.com     | 443  | true",
        "10.0.0.0/8                  | 10.200.3.4      | 443  | true",
        "10.0.0.0/8                  | 11.0.0.1        | 443  | false",
        "10.0.0.0/8                  | 10.example.com  | 443  | false",
        "192.168.4.0/22              | 192.168.7.255   | 443  | true",
        "192.168.4.0/22              | 192.168.8.0     | 443  | false",
        "0.0.0.0/0                   | 8.8.8.8         | 443  | true",
        "0.0.0.0/0                   | fd00::1         | 443  | false",
        "10.0.0.0/33                 | 10.0.0.1        | 443  | false",
        "10.0.0.0/                   | 10.0.0.1        | 443  | false",
        "10.1.2.3                    | 10.1.2.3        | 443  | true",
        "10.1.2.3:5000               | 10.1.2.3        | 5000 | true",
        "10.1.2.3:5000               | 10.1.2.3        | 443  | false",
        "2.3                         | 10.1.2.3        | 443  | false",
        "fd00::/8                    | [fd12::7]       | 443  | true",
        "fd00::/8                    | [fe80::7]       | 443  | false",
        "[fd12::7]                   | [fd12:0::7]     | 443  | true",
        "fd12::7                     | [fd12::7]       | 443  | true",
        "[fd12::7]:5000              | [fd12::7]       | 5000 | true",
        "[fd12::7]:5000              | [fd12::7]       | 443  | false",
        "''                          | example.com     | 443  | false",
        "',, ,.'                     | example.com     | 443  | false",
        "999.1.1.1                   | 99.1.1.1        | 443  | false",
      })
  @DisplayName("by name with all below it, by address, by network, by port")
  void covers(String list, String host, int port, boolean covered) {
    assertThat(new NoProxy(list).covers(host, port)).isEqualTo(covered);
  }

  @ParameterizedTest
  @CsvSource({
    "https://mlflow.example.com,secure",
    "http://mlflow.example.com:5000,plain",
    "http://localhost:5000,",
    "https://127.0.0.1,",
    "https://[::1]:8443,",
    "https://inside.corp,",
    "https://inside.corp:444,secure",
  })
  @DisplayName("each scheme has its proxy, and this machine has none")
  void select(String uri, String proxy) {
    Proxies proxies =
        new Proxies(
            new ProxyAddress("secure", 3128, null, Secret.of("")),
            new ProxyAddress("plain", 3128, null, Secret.of("")),
            new NoProxy("corp:443"));

    Proxy chosen = proxies.select(URI.create(uri)).get(0);

    if (proxy == null) {
      assertThat(chosen).isEqualTo(Proxy.NO_PROXY);
    } else {
      assertThat(chosen.address().toString()).startsWith(proxy);
    }
  }

  @Test
  @DisplayName("a login is for its own proxy only")
  void login() {
    Proxies proxies =
        new Proxies(
            new ProxyAddress("secure", 3128, "ada", Secret.of("pw")), null, new NoProxy(""));
    Proxy own = proxies.select(URI.create("https://mlflow.example.com")).get(0);

    assertThat(proxies.authorization(own)).isEqualTo("Basic YWRhOnB3");
    assertThat(proxies.authorization(Proxy.NO_PROXY)).isNull();
    assertThat(
            new Proxies(
                    new ProxyAddress("other", 3128, "ada", Secret.of("pw")), null, new NoProxy(""))
                .authorization(own))
        .isNull();
  }
}
