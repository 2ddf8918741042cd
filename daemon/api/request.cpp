#include "api/request.hpp"

#include <boost/url.hpp>
#include <charconv>
#include <utility>

#include "clock/parse_time.hpp"

namespace dprkwatch::api {

Result<Target> parse_target(const std::string& text) {
  const auto parsed = boost::urls::parse_origin_form(text);
  if (parsed.has_error()) return fail(ErrorCode::kInvalidInput, "the request's target is not a path with a query");
  Target target;
  for (const auto& segment : parsed->segments()) target.path += "/" + segment;
  if (target.path.empty()) target.path = "/";
  for (const auto& parameter : parsed->params()) {
    if (!parameter.key.empty()) target.query[parameter.key] = parameter.value;
  }
  return target;
}

std::optional<std::string> Parameters::take(const std::string& name) {
  const auto found = query_.find(name);
  if (found == query_.end()) return std::nullopt;
  std::string value = std::move(found->second);
  query_.erase(found);
  return value;
}

void Parameters::mistake(const std::string& name, const std::string& expected) {
  if (mistake_.empty()) mistake_ = "`" + name + "`: expected " + expected;
}

std::string Parameters::text(const std::string& name) {
  return take(name).value_or("");
}

std::optional<double> Parameters::number(const std::string& name, double min, double max) {
  const auto text = take(name);
  if (!text) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || !(value >= min && value <= max)) {
    mistake(name, "a number from " + std::to_string(static_cast<std::int64_t>(min)) + " to " +
                      std::to_string(static_cast<std::int64_t>(max)));
    return std::nullopt;
  }
  return value;
}

std::optional<Time> Parameters::time(const std::string& name) {
  const auto text = take(name);
  if (!text) return std::nullopt;
  const auto time = parse_time(*text);
  if (!time) mistake(name, "a date such as 2019-12-08 or a time such as 2019-12-08T03:04:05Z");
  return time;
}

store::Page Parameters::page() {
  constexpr double kLargest = 9007199254740991;  // what JSON carries exactly
  store::Page page;
  page.before = static_cast<std::int64_t>(number("before", -kLargest, kLargest).value_or(0));
  page.limit = static_cast<std::size_t>(number("limit", 1, 500).value_or(50));
  return page;
}

std::pair<std::string, std::string> Parameters::dyad() {
  const auto text = take("dyad");
  if (!text) return {};
  const auto arrow = text->find("->");
  if (arrow == std::string::npos) {
    mistake("dyad", "a pair such as DPRK->USA; * stands for any side");
    return {};
  }
  const auto side = [](std::string code) { return code == "*" ? std::string() : code; };
  return {side(text->substr(0, arrow)), side(text->substr(arrow + 2))};
}

Result<void> Parameters::finish() const {
  if (!mistake_.empty()) return fail(ErrorCode::kInvalidInput, mistake_);
  if (!query_.empty()) return fail(ErrorCode::kInvalidInput, "unknown parameter `" + query_.begin()->first + "`");
  return {};
}

http::ServerResponse json_answer(int status, const boost::json::value& body) {
  http::ServerResponse response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body = boost::json::serialize(body) + "\n";
  return response;
}

http::ServerResponse error_answer(int status, const std::string& message) {
  return json_answer(status, boost::json::object{{"error", message}});
}

http::ServerResponse error_answer(const Error& error) {
  return error_answer(error.code == ErrorCode::kInvalidInput ? 400 : 503, describe(error));
}

}  // namespace dprkwatch::api
