#pragma once
// A request's path and parameters, and the answers that every resource gives. Private to api.

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "http/server.hpp"
#include "result/result.hpp"
#include "store/reader.hpp"

namespace dprkwatch::api {

struct Target {
  std::string path;                          // decoded
  std::map<std::string, std::string> query;  // decoded; of a repeated name the last counts
};

// kInvalidInput for what is no origin-form target (RFC 9112 §3.2.1).
[[nodiscard]] Result<Target> parse_target(const std::string& text);

// Takes parameters out of a target; what is left at the end was not known.
class Parameters {
 public:
  explicit Parameters(std::map<std::string, std::string> query) : query_(std::move(query)) {}

  [[nodiscard]] std::string text(const std::string& name);
  [[nodiscard]] std::optional<double> number(const std::string& name, double min, double max);
  [[nodiscard]] std::optional<Time> time(const std::string& name);  // RFC 3339 date or date and time in UTC
  [[nodiscard]] store::Page page();
  // "DPRK->USA", either side may be *: the two codes, "" for any.
  [[nodiscard]] std::pair<std::string, std::string> dyad();

  // The first mistake, or a parameter that nobody took.
  [[nodiscard]] Result<void> finish() const;

 private:
  std::optional<std::string> take(const std::string& name);
  void mistake(const std::string& name, const std::string& expected);

  std::map<std::string, std::string> query_;
  std::string mistake_;
};

[[nodiscard]] http::ServerResponse json_answer(int status, const boost::json::value& body);
[[nodiscard]] http::ServerResponse error_answer(int status, const std::string& message);
// 400 for bad input, 503 for a store in trouble.
[[nodiscard]] http::ServerResponse error_answer(const Error& error);

}  // namespace dprkwatch::api
