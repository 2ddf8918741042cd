#pragma once
// What people do with alerts and silences by hand, for the command line and the API alike.

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "alert/dispatch.hpp"
#include "clock/clock.hpp"
#include "result/result.hpp"
#include "store/store.hpp"

namespace dprkwatch::alert {

// What is asked of a new silence. Absent times: from now on, for two hours.
struct SilenceRequest {
  std::vector<std::string> matchers;
  std::string author;
  std::string comment;
  std::optional<Time> starts;
  std::optional<Time> ends;
};

// From {"matchers": ["a=b"], "author", "comment", "starts", "ends"}; unknown keys are mistakes. kInvalidInput.
[[nodiscard]] Result<SilenceRequest> silence_request(const std::string& json);

// Checks it: at least one matcher, one of which does not fit everything; author and comment given, at most 1,000 bytes;
// an end in the future and after the start. `id`: of the new silence. kInvalidInput.
[[nodiscard]] Result<store::Silence> make_silence(const SilenceRequest& request, const std::string& id, Time now);

// A fresh silence's id: "s_" and 16 hex digits of chance.
[[nodiscard]] std::string new_silence_id();

[[nodiscard]] boost::json::object to_json(const store::Silence& silence, Time now);
[[nodiscard]] boost::json::object to_json(const store::DeliveryHistory& history);
[[nodiscard]] boost::json::object to_json(const store::ReceiverHealth& health);
// With the groups that it is told in, and what holds each.
[[nodiscard]] boost::json::object to_json(const store::AlertRecord& record, const std::vector<store::Group>& groups);

// "90s", "30m", "2h", "1d", up to ten years.
[[nodiscard]] std::optional<Duration> parse_duration(const std::string& text);

// A marked test of a rule, or, without one, of a receiver: an alert that was never raised and is not stored.
[[nodiscard]] store::AlertRecord test_alert(const config::Rule* rule, Time now);
// The delivery that carries it: type "test", sequence 0, an id of its own.
[[nodiscard]] store::Delivery test_delivery(const store::AlertRecord& record, const std::string& receiver, Time now);

}  // namespace dprkwatch::alert
