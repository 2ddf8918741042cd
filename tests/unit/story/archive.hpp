#pragma once
// An archive of real articles, where the one who runs the tests has one.

#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

namespace dprkwatch::story::test {

struct Article {
  std::string date;
  std::string title;
  std::string text;
};

// Of the file that DPRKWATCH_ARCHIVE names; empty without one.
inline std::vector<Article> read_archive() {
  std::vector<Article> articles;
  const char* path = std::getenv("DPRKWATCH_ARCHIVE");
  if (path == nullptr) return articles;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto value = boost::json::parse(line);
    const auto& object = value.as_object();
    const auto text = [&](const char* key) {
      const auto* found = object.if_contains(key);
      return found == nullptr ? std::string() : std::string(found->as_string());
    };
    articles.push_back({text("date"), text("title"), text("text")});
  }
  return articles;
}

}  // namespace dprkwatch::story::test
