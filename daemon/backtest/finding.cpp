#include "backtest/finding.hpp"

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

#include "alert/alert.hpp"
#include "article/article.hpp"
#include "text/text.hpp"

namespace dprkwatch::backtest {
namespace {

namespace json = boost::json;

constexpr std::size_t kQuoteBytes = 280;
constexpr std::size_t kTitleBytes = 200;

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// The journal keeps four decimals, and so does a run that writes none: both go on with the same numbers.
double rounded(double value) {
  return std::round(value * 10000) / 10000;
}

// The sentence that adds most to the escalation.
void take_quote(const plugin::Input& input, const plugin::Analysis& analysis, Finding& finding) {
  const plugin::Annotation* best = nullptr;
  for (const plugin::Annotation& statement : analysis.annotations) {
    if (statement.kind != "statement" || statement.spans.empty()) continue;
    if (best == nullptr || statement.score > best->score) best = &statement;
  }
  if (best == nullptr) return;
  const plugin::Span& span = best->spans.front();
  const std::string& field = span.field == plugin::Field::kTitle ? input.title : input.text;
  finding.quote = text::shorten(field.substr(span.begin, span.end - span.begin), kQuoteBytes);
  finding.speaker = best->speaker;
}

}  // namespace

std::optional<std::chrono::sys_days> day_of(std::string_view date, std::chrono::minutes utc_offset) {
  const std::string text(date);
  int year = 0;
  unsigned month = 0;
  unsigned day = 1;
  int hour = 0;
  int minute = 0;
  char mark = 0;
  const int fields = std::sscanf(text.c_str(), "%4d-%2u-%2u%c%2d:%2d", &year, &month, &day, &mark, &hour, &minute);
  if (fields < 2) return std::nullopt;
  const std::chrono::year_month_day found{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!found.ok()) return std::nullopt;
  if (fields < 6) return std::chrono::sys_days(found);  // a date alone is the calendar's own
  const auto time = std::chrono::sys_days(found) + std::chrono::hours(hour) + std::chrono::minutes(minute) + utc_offset;
  return std::chrono::floor<std::chrono::days>(time);
}

std::string day_name(std::chrono::sys_days day) {
  return to_rfc3339(day).substr(0, 10);
}

Result<Line> read_line(std::string_view line, const Options& options) {
  json::error_code problem;
  json::parse_options limits;
  limits.max_depth = 16;
  const json::value value = json::parse(line, problem, {}, limits);
  if (problem) return fail(ErrorCode::kInvalidInput, "not JSON: " + problem.message());
  if (!value.is_object()) return fail(ErrorCode::kInvalidInput, "expected an object {date, title, text, source}");
  const json::object& object = value.as_object();
  Line read;
  const std::string date = text_at(object, "date");
  const auto day = day_of(date, options.utc_offset);
  if (!day) return fail(ErrorCode::kInvalidInput, "expected a `date` such as 2019-12-08, found `" + date + "`");
  read.day = *day;
  read.input.title = text_at(object, "title");
  read.input.text = text_at(object, "text");
  if (read.input.title.empty() && read.input.text.empty()) {
    return fail(ErrorCode::kInvalidInput, "expected a `title` or a `text`");
  }
  read.input.source = text_at(object, "source");
  read.input.language = text_at(object, "lang");
  read.input.url = text_at(object, "url");
  read.input.published = Time(read.day);
  return read;
}

Finding find(const Line& line, const plugin::Analysis& analysis, const Options& options, const trend::Voices& voices) {
  Finding finding;
  finding.day = line.day;
  finding.title = text::shorten(line.input.title, kTitleBytes);
  finding.url = line.input.url;
  finding.outlet = line.input.source;
  finding.escalation = rounded(analysis.escalation);
  finding.level = analysis.level;
  const trend::SourceClass source = voices.class_of(line.input.source);
  finding.counts = source == trend::SourceClass::kState || analysis.relevance == plugin::Relevance::kAbout;
  finding.shares = trend::shares_of(analysis, source, 0, line.day, voices);
  for (trend::Share& share : finding.shares) {
    share.escalation = rounded(share.escalation);
    share.deescalation = rounded(share.deescalation);
  }
  store::Article article;
  article.feed_name = line.input.source;
  article.language = line.input.language;
  article.title = line.input.title;
  const alert::Subject subject{article, analysis, "", {}};
  for (std::size_t i = 0; i < options.rules.size(); ++i) {
    if (alert::holds(options.rules[i].when, subject)) finding.rules.push_back(i);
  }
  if (finding.level >= 2 || !finding.rules.empty()) take_quote(line.input, analysis, finding);
  return finding;
}

std::string to_journal(const Finding& finding) {
  json::array shares;
  for (const trend::Share& share : finding.shares) {
    shares.push_back(json::array{share.actor, share.target, share.escalation, share.deescalation, share.level,
                                 share.unconditional, share.authority});
  }
  json::object object{{"day", finding.day.time_since_epoch().count()},
                      {"title", finding.title},
                      {"url", finding.url},
                      {"outlet", finding.outlet},
                      {"escalation", finding.escalation},
                      {"level", finding.level},
                      {"counts", finding.counts},
                      {"shares", std::move(shares)},
                      {"quote", finding.quote},
                      {"speaker", finding.speaker},
                      {"rules", json::array(finding.rules.begin(), finding.rules.end())}};
  return json::serialize(object);
}

Result<Finding> from_journal(std::string_view line) {
  try {
    const json::value value = json::parse(line);
    const json::object& object = value.as_object();
    Finding finding;
    finding.day = std::chrono::sys_days(std::chrono::days(object.at("day").to_number<int>()));
    finding.title = text_at(object, "title");
    finding.url = text_at(object, "url");
    finding.outlet = text_at(object, "outlet");
    finding.escalation = object.at("escalation").to_number<double>();
    finding.level = object.at("level").to_number<int>();
    finding.counts = object.at("counts").as_bool();
    for (const json::value& item : object.at("shares").as_array()) {
      const json::array& fields = item.as_array();
      trend::Share share;
      share.day = finding.day;
      share.actor = std::string(fields.at(0).as_string());
      share.target = std::string(fields.at(1).as_string());
      share.escalation = fields.at(2).to_number<double>();
      share.deescalation = fields.at(3).to_number<double>();
      share.level = fields.at(4).to_number<int>();
      share.unconditional = fields.at(5).as_bool();
      share.authority = fields.at(6).to_number<int>();
      finding.shares.push_back(std::move(share));
    }
    finding.quote = text_at(object, "quote");
    finding.speaker = text_at(object, "speaker");
    for (const json::value& rule : object.at("rules").as_array()) {
      finding.rules.push_back(rule.to_number<std::size_t>());
    }
    return finding;
  } catch (const std::exception& error) {
    return fail(ErrorCode::kInvalidInput, std::string("not a line of a journal: ") + error.what());
  }
}

}  // namespace dprkwatch::backtest
