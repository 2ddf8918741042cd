#pragma once
// What `dprkwatch analyze` prints: an analysis as JSON (DESIGN §5), as an explanation for a person, or line by line for a
// whole archive.

#include <cstdint>
#include <iosfwd>
#include <string>

#include "plugin/analysis.hpp"
#include "plugin/plugin.hpp"
#include "result/result.hpp"

namespace dprkwatch::plugin {

// One object in one line: article, relevance, scores, dyads, annotations with the text of their spans, versions.
[[nodiscard]] std::string to_json(const Input& input, const Analysis& analysis);

// The line of one sentence: {id, level, level_expected, conditional, actor, target, voice, deescalation, quad,
// relevance}; `id_json` is the JSON value that is carried over.
[[nodiscard]] std::string to_sentence_json(const std::string& id_json, const Analysis& analysis);

// The annotations alone as an array, and the versions alone as an object: what the store keeps.
[[nodiscard]] std::string annotations_json(const Input& input, const Analysis& analysis);
[[nodiscard]] std::string versions_json(const Analysis& analysis);

// For a person, in lines of at most about 100 columns: scores in words, who at whom, and the sentences that made the
// score, with what each contributes. `colour`: with terminal colours.
[[nodiscard]] std::string explain(const Input& input, const Analysis& analysis, bool colour);

struct LineTotals {
  std::uint64_t lines = 0;
  std::uint64_t failed = 0;
};

// One {id,text,title,date,source,lang,unit} a line to one result a line, in the same order, on `workers` threads, with
// bounded memory. A line that can not be read or analysed gives {"id", "error": {"line", "message"}} and the run goes on.
// Blank lines are passed over. Fails when the analyzers can not be made.
[[nodiscard]] Result<LineTotals> analyze_lines(std::istream& input, std::ostream& output, Host& host,
                                               std::size_t workers);

}  // namespace dprkwatch::plugin
