#pragma once
// Runs a model that is already there over other texts.

#include <string>

#include "relevance/relevance.hpp"

namespace dprkwatch::relevance::train {

// `path`: one {id, title, text, lang, source, label} a line; all but `text` may be missing. Prints
// "id TAB label TAB verdict TAB probability TAB title" a line, and at the end how many verdicts were right where a
// label was given. Throws std::runtime_error with the line when one can not be read.
void judge(const Classifier& classifier, const std::string& path);

// Classifies `path` again and again for about a second, and prints the time that one text takes.
void time_it(const Classifier& classifier, const std::string& path);

}  // namespace dprkwatch::relevance::train
