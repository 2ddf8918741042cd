#include <openssl/evp.h>

#include <array>
#include <boost/json.hpp>
#include <fstream>
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

Example example_of(const json::object& row, const Lexicon& lexicon) {
  Example example;
  example.text = text_at(row, "text");
  example.date = text_at(row, "date");
  example.register_ = register_of(text_at(row, "source"));
  example.level = integer_at(row, "level", 0);
  example.deescalation = integer_at(row, "deescalation", -1);
  const auto* conditional = row.if_contains("conditional");
  example.conditional = conditional != nullptr && conditional->is_bool() && conditional->as_bool();
  Circumstance circumstance;
  if (example.date.size() >= 4) circumstance.year = std::stoi(example.date.substr(0, 4));
  circumstance.state_media = example.register_ == "kcna";
  const auto words = words_of(example.text);
  extract(example.text, words, lexicon.find(example.text, words), circumstance, example.features);
  return example;
}

std::string hex_of(const std::array<unsigned char, EVP_MAX_MD_SIZE>& digest) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string hex;
  for (std::size_t i = 0; i < 32; ++i) hex += {kHex[digest.at(i) >> 4U], kHex[digest.at(i) & 0xFU]};
  return hex;
}

}  // namespace

std::vector<Example> read_examples(const std::string& folder, const Lexicon& lexicon, std::string& digest) {
  std::vector<Example> examples;
  std::string all;
  for (const char* name : {"rhetoric_sentences.jsonl", "rhetoric_sentences_2.jsonl", "un_speeches.jsonl"}) {
    const std::string path = folder + "/" + name;
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      all += line + "\n";
      json::error_code error;
      const auto row = json::parse(line, error);
      if (error || !row.is_object()) throw std::runtime_error(path + ":" + std::to_string(number) + ": not a JSON object");
      examples.push_back(example_of(row.as_object(), lexicon));
    }
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  EVP_Digest(all.data(), all.size(), hash.data(), nullptr, EVP_sha256(), nullptr);
  digest = hex_of(hash);
  return examples;
}

}  // namespace dprkwatch::rhetoric
