#include "evaluate/evaluate.hpp"

#include <boost/json.hpp>
#include <cstdio>
#include <istream>

#include "plugin/analyze.hpp"

namespace dprkwatch::evaluate {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::optional<int> integer_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_int64()) return std::nullopt;
  return static_cast<int>(value->as_int64());
}

// A range of labels beyond is a mistake in the set.
std::optional<int> label_at(const json::object& object, std::string_view key, int largest) {
  const auto label = integer_at(object, key);
  if (!label || *label < 0 || *label > largest) return std::nullopt;
  return label;
}

Row labels_of(const json::object& object, std::size_t number) {
  Row row;
  row.group = text_at(object, "date");
  if (row.group.empty()) row.group = std::to_string(number);
  row.source = text_at(object, "source");
  row.level = label_at(object, "level", 3);
  row.deescalation = label_at(object, "deescalation", 2);
  row.quad = label_at(object, "quad", 4);
  if (const auto* value = object.if_contains("conditional"); value != nullptr && value->is_bool()) {
    row.conditional = value->as_bool();
  }
  row.actor = text_at(object, "actor");
  row.target = text_at(object, "target");
  return row;
}

void take_said(const std::string& line, Row& row) {
  const json::value value = json::parse(line);
  const json::object& said = value.as_object();
  row.said_level = static_cast<int>(said.at("level").as_int64());
  row.said_expected = said.at("level_expected").to_number<double>();
  row.said_conditional = said.at("conditional").as_bool();
  row.said_deescalation = said.at("deescalation").to_number<double>();
  row.said_actor = text_at(said, "actor");
  row.said_target = text_at(said, "target");
  const json::value& quad = said.at("quad");
  if (!quad.is_object()) return;
  std::array<double, 5> probabilities{};
  std::size_t i = 0;
  for (const char* name : {"neutral", "vcoop", "mcoop", "vconf", "mconf"}) {
    probabilities.at(i++) = quad.at(name).to_number<double>();
  }
  row.said_quad = probabilities;
}

// The day is what the analyzers read of a date: "2019-12-08", or "2019-12".
std::optional<Time> day_of(const std::string& date) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 1;
  if (std::sscanf(date.c_str(), "%4d-%2u-%2u", &year, &month, &day) < 2) return std::nullopt;
  const std::chrono::year_month_day found{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  if (!found.ok()) return std::nullopt;
  return Time(std::chrono::sys_days(found));
}

}  // namespace

Result<std::vector<Row>> score(std::istream& set, plugin::Host& host) {
  auto chain = host.make_chain();
  if (!chain) return tl::unexpected(std::move(chain.error()));
  std::vector<Row> rows;
  std::size_t number = 0;
  for (std::string line; std::getline(set, line);) {
    ++number;
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    json::error_code problem;
    json::parse_options options;
    options.max_depth = 16;
    const json::value value = json::parse(line, problem, {}, options);
    const auto* object = problem ? nullptr : value.if_object();
    if (object == nullptr || object->if_contains("text") == nullptr || !object->at("text").is_string()) {
      return fail(ErrorCode::kInvalidInput, "expected an object with a string \"text\"",
                  "line " + std::to_string(number));
    }
    Row row = labels_of(*object, number);
    plugin::Input input;
    input.text = text_at(*object, "text");
    input.source = row.source;
    input.language = text_at(*object, "lang");
    input.published = day_of(text_at(*object, "date"));
    input.unit = plugin::Unit::kSentence;
    const auto analysis = (*chain)->analyze(input, /*complete=*/true);
    if (!analysis) return tl::unexpected(analysis.error());
    take_said(plugin::to_sentence_json("null", *analysis), row);
    row.words = aggressive_words(input.text);
    rows.push_back(std::move(row));
  }
  if (rows.empty()) return fail(ErrorCode::kInvalidInput, "no labelled line in the set", "line 1");
  return rows;
}

double aggressive_words(const std::string& text) {
  static constexpr std::array<std::string_view, 40> kStems{
      "attack",   "strike",   "war",      "destroy",  "annihilat", "merciless", "nuclear",   "missile",
      "aggress",  "provocat", "threat",   "retaliat", "punish",    "enem",      "puppet",    "traitor",
      "invas",    "invad",    "weapon",   "bomb",     "kill",      "crush",     "smash",     "wipe",
      "fire",     "blood",    "death",    "doom",     "revenge",   "hostil",    "warmong",   "reckless",
      "confront", "imperial", "gangster", "conspir",  "catastro",  "disaster",  "preemptiv", "counter"};
  double count = 0;
  for (std::size_t at = 0; at < text.size();) {
    std::string word;
    for (; at < text.size(); ++at) {
      const char c = text[at];
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter) break;
      word += static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    ++at;
    for (const std::string_view stem : kStems) {
      if (!word.starts_with(stem)) continue;
      ++count;
      break;
    }
  }
  return count;
}

std::string to_json(const Report& report) {
  json::array figures;
  for (const Figure& figure : report.figures) {
    figures.push_back({{"set", figure.set},
                       {"name", figure.name},
                       {"rows", figure.rows},
                       {"value", figure.value},
                       {"low", figure.low},
                       {"high", figure.high},
                       {"word_count", figure.word_count ? json::value(*figure.word_count) : json::value(nullptr)}});
  }
  json::array confusion;
  for (const auto& labelled : report.confusion) confusion.push_back(json::array(labelled.begin(), labelled.end()));
  return json::serialize(json::object{{"figures", std::move(figures)}, {"confusion", std::move(confusion)}});
}

std::string to_table(const Report& report) {
  std::string table;
  std::array<char, 160> line{};
  const auto add = [&](int size) { table.append(line.data(), static_cast<std::size_t>(size)); };
  add(std::snprintf(line.data(), line.size(), "%-14s %-20s %6s %7s %17s %11s\n", "set", "figure", "rows", "value",
                    "95% interval", "word count"));
  for (const Figure& figure : report.figures) {
    std::array<char, 16> words{"-"};
    if (figure.word_count) std::snprintf(words.data(), words.size(), "%.3f", *figure.word_count);
    add(std::snprintf(line.data(), line.size(), "%-14.14s %-20s %6zu %7.3f     %6.3f-%6.3f %11s\n", figure.set.c_str(),
                      figure.name.c_str(), figure.rows, figure.value, figure.low, figure.high, words.data()));
  }
  table += "\nlabelled level (rows) and said level (columns)\n";
  for (std::size_t level = 0; level < 4; ++level) {
    const auto& said = report.confusion[level];
    add(std::snprintf(line.data(), line.size(), "%zu %8zu %8zu %8zu %8zu\n", level, said[0], said[1], said[2],
                      said[3]));
  }
  return table;
}

}  // namespace dprkwatch::evaluate
