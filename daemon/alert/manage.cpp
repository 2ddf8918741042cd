#include "alert/manage.hpp"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "clock/parse_time.hpp"
#include "store/reader.hpp"
#include "text/text.hpp"

namespace dprkwatch::alert {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxWords = 1000;
constexpr std::size_t kMaxMatchers = 32;
constexpr Duration kSilence = std::chrono::hours(2);

tl::unexpected<Error> wrong(std::string message) {
  return fail(ErrorCode::kInvalidInput, std::move(message));
}

Result<void> take_time(const json::value& value, const char* key, std::optional<Time>& time) {
  time = value.is_string() ? parse_time(std::string(value.as_string())) : std::nullopt;
  if (time) return {};
  return wrong(std::string("`") + key + "`: expected a date such as 2019-12-08 or a time such as 2019-12-08T03:04:05Z");
}

Result<void> take(const std::string& key, const json::value& value, SilenceRequest& request) {
  if (key == "starts") return take_time(value, "starts", request.starts);
  if (key == "ends") return take_time(value, "ends", request.ends);
  if (key == "author" || key == "comment") {
    if (!value.is_string()) return wrong("`" + key + "`: expected text");
    (key == "author" ? request.author : request.comment) = std::string(value.as_string());
    return {};
  }
  if (key != "matchers") {
    return wrong("unknown key `" + key + "`; expected matchers, author, comment, starts, ends");
  }
  if (!value.is_array()) return wrong("`matchers`: expected a list of texts such as rule=\"threat\"");
  for (const json::value& item : value.as_array()) {
    if (!item.is_string()) return wrong("`matchers`: expected a list of texts such as rule=\"threat\"");
    request.matchers.emplace_back(item.as_string());
  }
  return {};
}

json::value time_or_null(const std::optional<Time>& time) {
  return time ? json::value(to_rfc3339(*time)) : json::value(nullptr);
}

json::value parsed(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return error ? json::value(nullptr) : value;
}

}  // namespace

Result<SilenceRequest> silence_request(const std::string& text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 8;
  const json::value value = json::parse(text, error, {}, options);
  if (error || !value.is_object()) return wrong("expected a JSON object with matchers, author, comment, starts, ends");
  SilenceRequest request;
  for (const auto& [key, inner] : value.as_object()) {
    if (auto done = take(std::string(key), inner, request); !done) return tl::unexpected(std::move(done.error()));
  }
  return request;
}

Result<store::Silence> make_silence(const SilenceRequest& request, const std::string& id, Time now) {
  store::Silence silence;
  silence.id = id;
  if (request.matchers.empty() || request.matchers.size() > kMaxMatchers) {
    return wrong("expected 1 to 32 matchers such as rule=\"threat\" or dyad=~\"DPRK->.*\"");
  }
  bool chooses = false;
  for (const std::string& text : request.matchers) {
    auto matcher = config::parse_matcher(text);
    if (!matcher) return wrong(describe(matcher.error()));
    if (matcher->value.size() > kMaxWords) return wrong("a matcher's value is longer than 1000 bytes");
    chooses = chooses || !fits(*matcher, {});
    silence.matchers.push_back(config::to_text(*matcher));
  }
  if (!chooses) return wrong("at least one matcher must not fit the empty text; this silence would hold everything");
  silence.author = text::printable(request.author);
  silence.comment = text::printable(request.comment);
  if (silence.author.empty() || silence.author.size() > kMaxWords) return wrong("`author`: expected 1 to 1000 bytes");
  if (silence.comment.empty() || silence.comment.size() > kMaxWords)
    return wrong("`comment`: expected 1 to 1000 bytes");
  silence.created = now;
  silence.starts = request.starts.value_or(now);
  silence.ends = request.ends.value_or(silence.starts + kSilence);
  if (silence.ends <= now || silence.ends <= silence.starts) {
    return wrong("`ends`: expected a time in the future, after the start");
  }
  return silence;
}

std::string new_silence_id() {
  std::array<unsigned char, 8> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  std::string id = "s_";
  for (const unsigned char byte : bytes) {
    std::array<char, 3> digits{};
    std::snprintf(digits.data(), digits.size(), "%02x", byte);
    id += digits.data();
  }
  return id;
}

json::object to_json(const store::Silence& silence, Time now) {
  return {{"id", silence.id},
          {"state", now < silence.starts ? "pending"
                    : now < silence.ends ? "active"
                                         : "expired"},
          {"matchers", json::array(silence.matchers.begin(), silence.matchers.end())},
          {"author", silence.author},
          {"comment", silence.comment},
          {"created", to_rfc3339(silence.created)},
          {"starts", to_rfc3339(silence.starts)},
          {"ends", to_rfc3339(silence.ends)}};
}

json::object to_json(const store::DeliveryHistory& history) {
  json::array attempts;
  for (const store::Attempt& attempt : history.attempts) {
    attempts.push_back(
        json::object{{"at", to_rfc3339(attempt.at)}, {"status", attempt.status}, {"answer", attempt.answer}});
  }
  const store::Delivery& delivery = history.delivery;
  const bool pending = history.state == store::DeliveryState::kPending;
  return {{"id", static_cast<std::int64_t>(delivery.id)},
          {"alert_id", delivery.alert_id},
          {"receiver", delivery.receiver},
          {"webhook_id", delivery.webhook_id},
          {"sequence", delivery.sequence},
          {"type", history.kind},
          {"state", store::name_of(history.state)},
          {"reason", history.reason.empty() ? json::value(nullptr) : json::value(history.reason)},
          {"next_attempt", pending ? json::value(to_rfc3339(delivery.next_attempt)) : json::value(nullptr)},
          {"attempts", std::move(attempts)},
          {"body", parsed(delivery.body)}};
}

json::object to_json(const store::ReceiverHealth& health) {
  const char* state = health.disabled ? "disabled" : health.failures > 0 ? "failing" : "good";
  return {{"name", health.name},
          {"state", state},
          {"failures", health.failures},
          {"failing_since", time_or_null(health.failing_since)},
          {"last_success", time_or_null(health.last_success)},
          {"last_error", health.last_error.empty() ? json::value(nullptr) : json::value(health.last_error)},
          {"disabled_since", time_or_null(health.disabled)},
          {"dead_letters", health.dead_letters}};
}

json::object to_json(const store::AlertRecord& record, const std::vector<store::Group>& groups) {
  json::array told;
  for (const store::Group& group : groups) {
    told.push_back(json::object{{"receiver", group.receiver},
                                {"route", group.route},
                                {"labels", parsed(group.labels)},
                                {"messages", group.messages},
                                {"last_sent", time_or_null(group.last_sent)},
                                {"next_look", time_or_null(group.next_flush)},
                                {"decision", group.note}});
  }
  const auto article = static_cast<std::int64_t>(record.alert.article);
  return {
      {"id", record.alert.id},
      {"rule", record.alert.rule},
      {"severity", record.alert.severity},
      {"status", record.resolved ? "resolved" : "firing"},
      {"summary", record.alert.summary},
      {"created", to_rfc3339(record.alert.created)},
      {"updated", to_rfc3339(record.updated)},
      {"resolved", time_or_null(record.resolved_at)},
      {"articles", record.articles},
      {"article_id", article == 0 ? json::value(nullptr) : json::value(article)},
      {"acknowledged", time_or_null(record.acked)},
      {"acknowledged_by", record.acked_by.empty() ? json::value(nullptr) : json::value(record.acked_by)},
      {"acknowledged_comment", record.acked_comment.empty() ? json::value(nullptr) : json::value(record.acked_comment)},
      {"labels", parsed(record.alert.labels_json)},
      {"groups", std::move(told)},
      {"data", parsed(record.alert.data_json)}};
}

std::optional<Duration> parse_duration(const std::string& text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count <= 0 || count > 400000000) return std::nullopt;
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  Duration length{};
  if (unit == "s") {
    length = std::chrono::seconds(count);
  } else if (unit == "m") {
    length = std::chrono::minutes(count);
  } else if (unit == "h") {
    length = std::chrono::hours(count);
  } else if (unit == "d") {
    length = std::chrono::hours(24 * count);
  } else {
    return std::nullopt;
  }
  if (length > std::chrono::hours(24 * 3660)) return std::nullopt;
  return length;
}

store::AlertRecord test_alert(const config::Rule* rule, Time now) {
  store::AlertRecord record;
  store::NewAlert& alert = record.alert;
  alert.rule = rule == nullptr ? "test" : rule->name;
  alert.story = "test";
  alert.id = "al_" + digest_of({"test", alert.rule, std::to_string(now.time_since_epoch().count())});
  alert.severity = rule == nullptr ? "info" : config::name_of(rule->severity);
  alert.summary = "This is a test of dprkwatch; nothing has happened.";
  alert.created = now;
  Labels labels{{"rule", alert.rule}, {"severity", alert.severity}, {"story", "test"}};
  if (rule != nullptr) {
    for (const auto& [name, value] : rule->labels) labels[name] = value;
  }
  alert.labels_json = to_json(labels);
  const json::object data{
      {"alert_id", alert.id},
      {"rule", alert.rule},
      {"severity", alert.severity},
      {"summary", alert.summary},
      {"message", alert.summary},
      {"dyad", ""},
      {"escalation", 0},
      {"baseline", 0},
      {"state", "calm"},
      {"article",
       json::object{
           {"title", alert.summary}, {"url", ""}, {"feed", "test"}, {"published", nullptr}, {"language", "en"}}},
      {"evidence", json::array{}},
      {"story", json::object{{"id", "test"}, {"size", 1}}},
      {"links", json::object{}}};
  alert.data_json = json::serialize(data);
  record.updated = now;
  return record;
}

store::Delivery test_delivery(const store::AlertRecord& record, const std::string& receiver, Time now) {
  store::Delivery delivery;
  delivery.alert_id = record.alert.id;
  delivery.receiver = receiver;
  delivery.webhook_id = "msg_" + digest_of({"test", record.alert.id, receiver});
  delivery.body = body_of("test", {&record}, "{}", 0, now);
  delivery.created = now;
  return delivery;
}

}  // namespace dprkwatch::alert
