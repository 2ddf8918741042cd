#pragma once
// The labelled texts that the model learns from and is measured on.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "relevance/relevance.hpp"

namespace dprkwatch::relevance::train {

struct Row {
  std::string id;
  std::string title;
  std::string text;
  std::string language;
  std::string source;
  std::string set;  // hard, easy, weakpos, written, kcna
  Label label = Label::kNone;
  double weight = 1;
  bool measured = false;    // counts in the figures; written rows only teach
  std::uint32_t group = 0;  // near copies share one, and so never lie on both sides of a split
  bool held_out = false;    // one group in five, by a hash of its first id
};

struct Dataset {
  std::vector<Row> rows;
  std::string sha256;  // of the files read, in order
};

struct Sources {
  std::filesystem::path relevance;    // relevance.jsonl
  std::filesystem::path written;      // written.jsonl
  std::filesystem::path fulltext;     // timeline_fulltext.jsonl
  std::filesystem::path kcna_labels;  // "line TAB label" for lines of fulltext, counted from 0
};

// Throws std::runtime_error with file and line when something can not be read.
[[nodiscard]] Dataset load(const Sources& sources);

}  // namespace dprkwatch::relevance::train
