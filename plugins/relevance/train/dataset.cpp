#include "dataset.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

#include "relevance/normalize.hpp"

namespace dprkwatch::relevance::train {
namespace {

namespace json = boost::json;

constexpr double kWrittenWeight = 0.5;  // they teach the traps, and must not drown what was found in the wild
constexpr double kKcnaWeight = 0.5;
constexpr double kNearCopy = 0.5;  // Jaccard index of the words of two texts

std::string read_all(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error(path.string() + ": cannot be read");
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return std::move(bytes).str();
}

std::vector<std::string> lines_of(const std::string& bytes) {
  std::vector<std::string> lines;
  std::istringstream stream(bytes);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

json::object parse_line(const std::string& line, const std::filesystem::path& path, std::size_t number) {
  json::error_code error;
  json::value value = json::parse(line, error);
  if (error || !value.is_object()) {
    throw std::runtime_error(path.string() + ":" + std::to_string(number + 1) + ": expected a JSON object");
  }
  return std::move(value.get_object());
}

Label label_of(const std::string& name, const std::string& where) {
  if (name == "about") return Label::kAbout;
  if (name == "passing") return Label::kPassing;
  if (name == "none") return Label::kNone;
  throw std::runtime_error(where + ": expected about, passing or none, not \"" + name + "\"");
}

void add_rows(std::vector<Row>& rows, const std::string& bytes, const std::filesystem::path& path, bool measured) {
  const auto lines = lines_of(bytes);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const json::object object = parse_line(lines[i], path, i);
    Row row;
    row.id = text_of(object, "id");
    row.title = text_of(object, "title");
    row.text = text_of(object, "text");
    row.language = text_of(object, "lang");
    row.set = measured ? text_of(object, "set") : "written";
    row.label = label_of(text_of(object, "label"), path.string() + ":" + std::to_string(i + 1));
    row.weight = measured ? 1 : kWrittenWeight;
    row.measured = measured;
    rows.push_back(std::move(row));
  }
}

void add_kcna(std::vector<Row>& rows, const std::string& labels, const std::string& texts, const Sources& sources) {
  const auto lines = lines_of(texts);
  const auto label_lines = lines_of(labels);
  for (std::size_t i = 0; i < label_lines.size(); ++i) {
    if (label_lines[i].empty() || label_lines[i][0] == '#') continue;
    const std::string where = sources.kcna_labels.string() + ":" + std::to_string(i + 1);
    std::istringstream fields(label_lines[i]);
    std::size_t line = 0;
    std::string label;
    if (!(fields >> line >> label) || line >= lines.size()) throw std::runtime_error(where + ": expected LINE LABEL");
    const json::object object = parse_line(lines[line], sources.fulltext, line);
    Row row;
    row.id = "kcna" + std::to_string(line);
    row.title = text_of(object, "title");
    row.text = text_of(object, "text");
    row.language = "en";
    row.set = "kcna";
    row.label = label_of(label, where);
    row.weight = kKcnaWeight;
    rows.push_back(row);
    row.id += "s";  // once more with its source, which is known of a feed and not of a file
    row.source = "KCNA";
    rows.push_back(std::move(row));
  }
}

std::set<std::string> words_of(const Row& row) {
  const std::string bytes = normalize(row.title + " " + row.text, kMaxTextBytes).bytes;
  std::istringstream stream(bytes);
  std::set<std::string> words;
  for (std::string word; stream >> word;) words.insert(word);
  return words;
}

double likeness(const std::set<std::string>& left, const std::set<std::string>& right) {
  std::size_t common = 0;
  for (const std::string& word : left) common += right.count(word);
  return common == 0 ? 0 : static_cast<double>(common) / static_cast<double>(left.size() + right.size() - common);
}

std::uint64_t hash_of(const std::string& text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3ULL;
  return hash;
}

// The group of a row is the first row that it is a near copy of, directly or over others.
void find_groups(std::vector<Row>& rows) {
  std::vector<std::set<std::string>> words;
  for (const Row& row : rows) words.push_back(words_of(row));
  for (std::uint32_t i = 0; i < rows.size(); ++i) {
    rows[i].group = i;
    for (std::uint32_t j = 0; j < i; ++j) {
      const double sizes = static_cast<double>(words[i].size()) / static_cast<double>(words[j].size());
      if (sizes < kNearCopy || sizes > 1 / kNearCopy || rows[i].group == rows[j].group) continue;
      if (likeness(words[i], words[j]) < kNearCopy) continue;
      const std::uint32_t joined = std::min(rows[i].group, rows[j].group);
      const std::uint32_t left = std::max(rows[i].group, rows[j].group);
      for (Row& row : rows) {
        if (row.group == left) row.group = joined;
      }
    }
  }
  for (Row& row : rows) row.held_out = row.measured && hash_of(rows[row.group].id) % 5 == 0;
}

std::string sha256_of(const std::vector<std::string>& parts) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::array<unsigned char, 32> digest{};
  if (context == nullptr || EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-256");
  }
  for (const std::string& part : parts) EVP_DigestUpdate(context.get(), part.data(), part.size());
  EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : digest) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

}  // namespace

Dataset load(const Sources& sources) {
  const std::string relevance = read_all(sources.relevance);
  const std::string written = read_all(sources.written);
  const std::string labels = read_all(sources.kcna_labels);
  Dataset made;
  add_rows(made.rows, relevance, sources.relevance, true);
  find_groups(made.rows);
  add_rows(made.rows, written, sources.written, false);
  add_kcna(made.rows, labels, read_all(sources.fulltext), sources);
  for (std::uint32_t i = 0; i < made.rows.size(); ++i) {
    if (!made.rows[i].measured) made.rows[i].group = i;
  }
  made.sha256 = sha256_of({relevance, written, labels});
  return made;
}

}  // namespace dprkwatch::relevance::train
