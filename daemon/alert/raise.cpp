#include <openssl/evp.h>

#include <array>
#include <boost/json.hpp>
#include <cstdio>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "alert/alert.hpp"

namespace dprkwatch::alert {
namespace {

constexpr std::size_t kMaxBodyBytes = 20000;    // DESIGN §5
constexpr std::size_t kMaxEnvelopeBytes = 200;  // type, timestamp and sequence around the data

// 24 hex digits of the SHA-256 over the parts, which hold no NUL.
std::string digest_of(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view part : parts) {
    if (!key.empty()) key += '\0';
    key += part;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(key.data(), key.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  std::string hex;
  for (std::size_t i = 0; i < 12; ++i) {
    std::array<char, 3> byte{};
    std::snprintf(byte.data(), byte.size(), "%02x", digest.at(i));
    hex += byte.data();
  }
  return hex;
}

// {"type":"alert.created","timestamp":...,"data":{...,"sequence":n}}
std::string body_of(const std::string& data, std::int64_t sequence, Time created) {
  return R"({"type":"alert.created","timestamp":")" + to_rfc3339(created) + R"(","data":)" +
         data.substr(0, data.size() - 1) + R"(,"sequence":)" + std::to_string(sequence) + "}}";
}

// The wait before the first attempt.
Duration first_wait(const config::Config& config, const std::string& receiver) {
  for (const config::Receiver& known : config.receivers) {
    if (known.name == receiver && !known.retry_schedule.empty()) return known.retry_schedule.front();
  }
  return Duration::zero();
}

Result<void> enqueue(store::Transaction& store, const std::string& receiver, const std::string& id,
                     const std::string& data, Time now, Time first_attempt) {
  const auto sequence = store.next_sequence(receiver);
  if (!sequence) return tl::unexpected(sequence.error());
  store::NewDelivery delivery;
  delivery.alert_id = id;
  delivery.receiver = receiver;
  // One message for each alert and receiver; the receiver drops repeats by it.
  delivery.webhook_id = "msg_" + digest_of({"message", id, receiver});
  delivery.sequence = *sequence;
  delivery.body = body_of(data, *sequence, now);
  delivery.first_attempt = first_attempt;
  return store.enqueue(delivery);
}

}  // namespace

std::string alert_id(const std::string& rule, const std::string& story) {
  return "al_" + digest_of({"alert", rule, story});
}

Result<std::vector<Raised>> raise(store::Transaction& store, const config::Config& config, const Subject& subject,
                                  Time now) {
  std::vector<Raised> raised;
  for (const config::Rule& rule : config.rules) {
    if (!holds(rule.when, subject)) continue;
    const std::string occasion = occasion_of(rule, subject);
    store::NewAlert alert;
    alert.id = alert_id(rule.name, occasion);
    const std::string data = data_json(rule, subject, kMaxBodyBytes - kMaxEnvelopeBytes);
    alert.rule = rule.name;
    alert.story = occasion;
    alert.severity = config::name_of(rule.severity);
    alert.article = subject.article.id;
    alert.summary = summarize(subject);
    alert.data_json = data;
    alert.created = now;
    auto fresh = store.insert_alert(alert);
    if (!fresh) return tl::unexpected(std::move(fresh.error()));
    if (!*fresh) continue;
    for (const std::string& receiver : rule.receivers) {
      const Time first = now + first_wait(config, receiver);
      if (auto done = enqueue(store, receiver, alert.id, data, now, first); !done) {
        return tl::unexpected(std::move(done.error()));
      }
    }
    raised.push_back({alert.id, rule.name, alert.severity, alert.summary, rule.receivers});
  }
  return raised;
}

}  // namespace dprkwatch::alert
