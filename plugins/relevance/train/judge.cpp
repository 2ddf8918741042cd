#include "judge.hpp"

#include <array>
#include <boost/json.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace dprkwatch::relevance::train {
namespace {

namespace json = boost::json;

struct Text {
  std::string id;
  std::string title;
  std::string text;
  std::string language;
  std::string source;
  std::string label;

  [[nodiscard]] Input input() const { return {title, text, language, source}; }
};

std::vector<Text> read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path + ": cannot be read");
  std::vector<Text> texts;
  std::size_t number = 0;
  for (std::string line; std::getline(file, line);) {
    ++number;
    json::error_code error;
    const json::value value = json::parse(line, error);
    const json::object* object = value.if_object();
    if (error || object == nullptr) {
      throw std::runtime_error(path + ":" + std::to_string(number) + ": expected a JSON object");
    }
    const auto field = [&](std::string_view key) {
      const json::value* member = object->if_contains(key);
      return member != nullptr && member->is_string() ? std::string(member->get_string()) : std::string();
    };
    texts.push_back({field("id"), field("title"), field("text"), field("lang"), field("source"), field("label")});
    if (texts.back().id.empty()) texts.back().id = std::to_string(number - 1);
  }
  return texts;
}

}  // namespace

void judge(const Classifier& classifier, const std::string& path) {
  std::size_t labelled = 0;
  std::size_t right = 0;
  std::size_t about_right = 0;
  for (const Text& text : read(path)) {
    const Verdict verdict = classifier.classify(text.input());
    std::cout << text.id << '\t' << text.label << '\t' << name_of(verdict.label) << '\t' << verdict.probability << '\t'
              << text.title << '\n';
    if (text.label.empty()) continue;
    ++labelled;
    right += text.label == name_of(verdict.label) ? 1 : 0;
    about_right += (text.label == "about") == (verdict.label == Label::kAbout) ? 1 : 0;
  }
  std::cerr << "right: " << right << " of " << labelled << "; about or not: " << about_right << '\n';
}

void time_it(const Classifier& classifier, const std::string& path) {
  using Clock = std::chrono::steady_clock;
  const std::vector<Text> texts = read(path);
  std::size_t bytes = 0;
  std::size_t count = 0;
  double sum = 0;
  const auto begin = Clock::now();
  while (Clock::now() - begin < std::chrono::seconds(1) && !texts.empty()) {
    for (const Text& text : texts) {
      sum += classifier.classify(text.input()).probability;
      bytes += text.title.size() + text.text.size();
      ++count;
    }
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  std::cout << count << " texts of " << bytes / std::max<std::size_t>(count, 1) << " bytes, "
            << 1e6 * seconds / static_cast<double>(count) << " us each, " << static_cast<double>(bytes) / seconds / 1e6
            << " MB/s (mean probability " << sum / static_cast<double>(count) << ")\n";
}

}  // namespace dprkwatch::relevance::train
