#include <openssl/evp.h>

#include <array>
#include <boost/json.hpp>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>

#include "rhetoric/train/training.hpp"

namespace dprkwatch::rhetoric {
namespace {

namespace json = boost::json;

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

int integer_at(const json::object& object, std::string_view key, int fallback) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? static_cast<int>(value->as_int64()) : fallback;
}

std::string register_of(const std::string& source) {
  if (source.starts_with("kcna")) return "kcna";
  return source == "trump" ? "usa" : source;
}

void read_features(Example& example, const Lexicon& lexicon) {
  Circumstance circumstance;
  if (example.date.size() >= 4) circumstance.year = std::stoi(example.date.substr(0, 4));
  circumstance.state_media = example.register_ == "kcna";
  const auto words = words_of(example.text);
  extract(example.text, words, lexicon.find(example.text, words), circumstance, example.features);
}

Example example_of(const json::object& row, const Lexicon& lexicon) {
  Example example;
  example.text = text_at(row, "text");
  example.date = text_at(row, "date");
  example.register_ = register_of(text_at(row, "source"));
  example.level = integer_at(row, "level", 0);
  example.deescalation = integer_at(row, "deescalation", -1);
  const auto* conditional = row.if_contains("conditional");
  example.conditional = conditional != nullptr && conditional->is_bool() && conditional->as_bool();
  read_features(example, lexicon);
  return example;
}

using Take = std::function<void(std::size_t number, const std::string& line)>;

// Every line, numbered from 1, without comments; all of them go into `all`.
void for_each_line(const std::string& path, std::string& all, const Take& take) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    all += line + "\n";
    if (!line.starts_with('#')) take(number, line);
  }
}

json::object object_of(const std::string& path, std::size_t number, const std::string& line) {
  json::error_code error;
  auto row = json::parse(line, error);
  if (error || !row.is_object()) throw std::runtime_error(path + ":" + std::to_string(number) + ": not a JSON object");
  return std::move(row.as_object());
}

struct Mark {
  std::size_t begin = 0;
  std::size_t bytes = 0;
  int level = 0;
  int conditional = 0;
};

// kcna_labels.tsv: marks by the line of timeline_fulltext.jsonl.
std::multimap<std::size_t, Mark> read_marks(const std::string& path, std::string& all) {
  std::multimap<std::size_t, Mark> marks;
  for_each_line(path, all, [&](std::size_t number, const std::string& line) {
    std::istringstream fields(line);
    std::size_t row = 0;
    Mark mark;
    if (!(fields >> row >> mark.begin >> mark.bytes >> mark.level >> mark.conditional)) {
      throw std::runtime_error(path + ":" + std::to_string(number) + ": expected five numbers");
    }
    marks.emplace(row, mark);
  });
  return marks;
}

void add_marked(const Sources& sources, const Lexicon& lexicon, std::string& all, std::vector<Example>& examples) {
  const auto marks = read_marks(sources.written + "/kcna_labels.tsv", all);
  const std::string path = sources.labelled + "/timeline_fulltext.jsonl";
  std::string ignored;
  for_each_line(path, ignored, [&](std::size_t number, const std::string& line) {
    ignored.clear();
    const auto [first, last] = marks.equal_range(number);
    if (first == last) return;
    const auto row = object_of(path, number, line);
    const std::string text = text_at(row, "text");
    for (auto mark = first; mark != last; ++mark) {
      if (mark->second.begin >= text.size()) throw std::runtime_error(path + ": not the text that was labelled");
      Example example;
      example.text = text.substr(mark->second.begin, mark->second.bytes);
      example.date = text_at(row, "date");
      example.register_ = "kcna";
      example.level = mark->second.level;
      example.conditional = mark->second.conditional == 1;
      example.judged = false;
      read_features(example, lexicon);
      all += example.text + "\n";
      examples.push_back(std::move(example));
    }
  });
}

}  // namespace

std::string sha256_of(const std::string& bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < 32; ++i) hex += {kHex[digest.at(i) >> 4U], kHex[digest.at(i) & 0xFU]};
  return hex;
}

std::vector<Example> read_examples(const Sources& sources, const Lexicon& lexicon, std::string& digest) {
  std::vector<Example> examples;
  std::string all;
  for (const std::string& path :
       {sources.labelled + "/rhetoric_sentences.jsonl", sources.labelled + "/rhetoric_sentences_2.jsonl",
        sources.labelled + "/un_speeches.jsonl", sources.written + "/written.jsonl"}) {
    for_each_line(path, all, [&](std::size_t number, const std::string& line) {
      examples.push_back(example_of(object_of(path, number, line), lexicon));
      examples.back().judged = examples.back().register_ != "written";
    });
  }
  add_marked(sources, lexicon, all, examples);
  digest = sha256_of(all);
  return examples;
}

}  // namespace dprkwatch::rhetoric
