#include <algorithm>
#include <boost/json.hpp>

#include "alert/dispatch.hpp"
#include "text/text.hpp"

namespace dprkwatch::alert {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxBodyBytes = 20000;  // DESIGN §5
constexpr std::size_t kMaxListed = 20;        // alerts of a group

json::object listed(const store::AlertRecord& record) {
  return {{"alert_id", record.alert.id},
          {"rule", record.alert.rule},
          {"severity", record.alert.severity},
          {"status", record.resolved ? "resolved" : "firing"},
          {"summary", text::shorten(record.alert.summary, 300)}};
}

json::object data_of(const store::AlertRecord& record) {
  boost::system::error_code error;
  json::value value = json::parse(record.alert.data_json, error);
  json::object data = error || !value.is_object() ? json::object{} : std::move(value.as_object());
  data["status"] = record.resolved ? "resolved" : "firing";
  data["severity"] = record.alert.severity;
  if (json::value* story = data.if_contains("story"); story != nullptr && story->is_object()) {
    story->as_object()["size"] = record.articles;
  }
  if (record.acked) data["acknowledged_by"] = record.acked_by;
  return data;
}

// False when nothing is left to take away.
bool shrink(json::object& data) {
  json::value* evidence = data.if_contains("evidence");
  if (evidence != nullptr && evidence->is_array() && !evidence->as_array().empty()) {
    evidence->as_array().pop_back();
    data["evidence_cut"] = true;
    return true;
  }
  json::value* group = data.if_contains("group");
  if (group == nullptr) return false;
  json::array& alerts = group->as_object()["alerts"].as_array();
  if (alerts.empty()) return false;
  alerts.pop_back();
  return true;
}

}  // namespace

std::string body_of(std::string_view type, const std::vector<const store::AlertRecord*>& shown,
                    const std::string& group_labels, std::int64_t sequence, Time now) {
  json::object data = data_of(*shown.front());
  if (shown.size() > 1) {
    json::array alerts;
    for (const store::AlertRecord* record : shown) {
      if (alerts.size() == kMaxListed) break;
      alerts.push_back(listed(*record));
    }
    json::object labels;
    for (const auto& [name, value] : labels_from_json(group_labels)) labels[name] = text::shorten(value, 300);
    data["group"] = json::object{{"labels", labels}, {"size", shown.size()}, {"alerts", alerts}};
  }
  data["sequence"] = sequence;
  for (;;) {
    std::string body = R"({"type":")" + std::string(type) + R"(","timestamp":")" + to_rfc3339(now) + R"(","data":)" +
                       json::serialize(data) + "}";
    if (body.size() <= kMaxBodyBytes || !shrink(data)) return body;
  }
}

}  // namespace dprkwatch::alert
