#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <istream>
#include <ostream>
#include <utility>

#include "plugin/analyze.hpp"
#include "workers/ordered.hpp"

namespace dprkwatch::plugin {
namespace {

namespace json = boost::json;

// What a batch of lines came to.
struct Answers {
  std::string output;
  LineTotals totals;
};

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

// "2019-12-08" or "2019-12-08T03:04:05Z": the day is what the analyzers read.
std::optional<Time> day_at(const json::object& object) {
  const std::string text = text_at(object, "date");
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  if (std::sscanf(text.c_str(), "%4d-%2u-%2u", &year, &month, &day) < 2) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day == 0 ? 1 : day)};
  if (!date.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(date));
}

// A line as it was read: its article, or why it is none.
struct Line {
  std::string id = "null";  // the JSON value that is carried over
  Result<Input> input;
};

Line read_line(const std::string& text) {
  json::error_code problem;
  json::parse_options options;
  options.max_depth = 16;
  const json::value value = json::parse(text, problem, {}, options);
  if (problem) return {"null", fail(ErrorCode::kInvalidInput, "not JSON: " + problem.message())};
  if (!value.is_object()) {
    return {"null", fail(ErrorCode::kInvalidInput, "expected an object {id, text, title, date, source, lang}")};
  }
  const json::object& object = value.as_object();
  Line line;
  if (const auto* given = object.if_contains("id")) line.id = json::serialize(*given);
  const auto* body = object.if_contains("text");
  if (body == nullptr || !body->is_string()) {
    line.input = fail(ErrorCode::kInvalidInput, "expected a string \"text\"");
    return line;
  }
  line.input->id = line.id;
  line.input->text = std::string(body->as_string());
  line.input->title = text_at(object, "title");
  line.input->source = text_at(object, "source");
  line.input->language = text_at(object, "lang");
  line.input->url = text_at(object, "url");
  line.input->published = day_at(object);
  if (text_at(object, "unit") == "sentence") line.input->unit = Unit::kSentence;
  return line;
}

void put_failure(std::string& output, const std::string& id, std::uint64_t number, const std::string& message) {
  output += R"({"id":)" + id + R"(,"error":{"line":)" + std::to_string(number) + R"(,"message":)" +
            json::serialize(json::string(message)) + "}}";
}

void put_result(std::string& output, const std::string& id, const Input& input, const Analysis& analysis) {
  if (input.unit == Unit::kSentence) {
    output += to_sentence_json(id, analysis);
  } else {
    output += R"({"id":)" + id + "," + to_json(input, analysis).substr(1);
  }
}

// The articles of all lines at once: plugins in a process of their own get many at a time. Blank lines are passed over.
Answers analyze_batch(const LineBatch& batch, Chain& chain) {
  std::vector<std::pair<std::uint64_t, Line>> lines;  // with their numbers
  std::vector<Input> inputs;
  for (std::size_t i = 0; i < batch.lines.size(); ++i) {
    if (batch.lines[i].find_first_not_of(" \t\r") == std::string::npos) continue;
    Line& line = lines.emplace_back(batch.first + i, read_line(batch.lines[i])).second;
    if (line.input) inputs.push_back(std::move(*line.input));
  }
  const auto analyses = chain.analyze_all(inputs, /*complete=*/true);
  Answers answers;
  answers.totals.lines = lines.size();
  std::size_t next = 0;
  for (const auto& [number, line] : lines) {
    if (!line.input) {
      put_failure(answers.output, line.id, number, line.input.error().message);
    } else if (const auto& analysis = analyses[next]; analysis) {
      put_result(answers.output, line.id, inputs[next], *analysis);
    } else {
      put_failure(answers.output, line.id, number, describe(analysis.error()));
    }
    const bool failed = !line.input || !analyses[next];
    answers.totals.failed += failed ? 1 : 0;
    next += line.input ? 1 : 0;
    answers.output += '\n';
  }
  return answers;
}

}  // namespace

Result<LineTotals> analyze_lines(std::istream& input, std::ostream& output, Host& host, std::size_t workers) {
  std::vector<std::unique_ptr<Chain>> chains;
  std::vector<Ordered<Answers>::Work> works;
  for (std::size_t i = 0; i < std::max<std::size_t>(1, workers); ++i) {
    auto chain = host.make_chain();
    if (!chain) return tl::unexpected(std::move(chain.error()));
    chains.push_back(std::move(*chain));
    works.emplace_back([chain = chains.back().get()](const LineBatch& batch) { return analyze_batch(batch, *chain); });
  }
  LineTotals totals;
  Ordered<Answers>::run(input, works, [&](const Answers& answers, const LineBatch&) {
    output << answers.output;
    totals.lines += answers.totals.lines;
    totals.failed += answers.totals.failed;
  });
  return totals;
}

}  // namespace dprkwatch::plugin
