// What a new entry costs: bench_article --benchmark_counters_tabular=true
// Target: 10,000 entries of 3 KB HTML a second on one core (make_article).

#include <benchmark/benchmark.h>

#include <string>

#include "article/article.hpp"

namespace {

using dprkwatch::Time;
namespace article = dprkwatch::article;
namespace feed = dprkwatch::feed;

constexpr std::size_t kBodyBytes = 3 * 1024;

std::string body(std::string_view paragraph) {
  std::string html;
  for (int i = 0; html.size() + paragraph.size() < kBodyBytes; ++i) html.append(paragraph).append(std::to_string(i));
  return html;
}

std::string english() {
  return body(
      "<p>The <b>Korean</b> Central News Agency said on <a href=\"/en/article/q/1.html\" target=_blank>Sunday</a> that "
      "the country had carried out a &ldquo;very important test&rdquo; at the launching ground, &amp; that its result "
      "would change its strategic position &#8211; without saying what was tested.</p>\n");
}

std::string korean() {
  return body(
      "<p>조선중앙통신은 <a href=\"/kr/1.html\">8일</a> 서해위성발사장에서 &ldquo;대단히 중대한 시험&rdquo;이 "
      "진행되었다고 보도했다.<br/>통신은 시험의 결과가 전략적 지위를 또 한번 변화시키는 데서 중요한 작용을 "
      "하게 될 것이라고 밝혔다.</p>\n");
}

std::string plain() {
  return body("An entry that carries no markup at all, as many wires send it. ");
}

feed::Entry entry_of(const std::string& html) {
  feed::Entry entry;
  entry.id = "https://example.org/2019/12/08/a-very-important-test";
  entry.url = entry.id;
  entry.title = {"North says it carried out a &#8220;very important test&#8221;", true, ""};
  entry.content = {html, true, "https://example.org/"};
  entry.published = Time(std::chrono::seconds(1575774245));
  return entry;
}

void count(benchmark::State& state, const std::string& html) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * html.size()));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void make_article(benchmark::State& state, const std::string& html, const char* language) {
  const auto entry = entry_of(html);
  feed::Feed source;
  source.language = language;
  const Time now(std::chrono::seconds(1575780000));
  for (auto _ : state) benchmark::DoNotOptimize(article::make_article(entry, source, now));
  count(state, html);
}

void html_to_text(benchmark::State& state, const std::string& html) {
  for (auto _ : state) benchmark::DoNotOptimize(article::html_to_text(html));
  count(state, html);
}

void sanitize_html(benchmark::State& state, const std::string& html) {
  for (auto _ : state) benchmark::DoNotOptimize(article::sanitize_html(html, "https://example.org/"));
  count(state, html);
}

void clean_text(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(article::clean_text(text));
  count(state, text);
}

void guess_language(benchmark::State& state, const std::string& text) {
  for (auto _ : state) benchmark::DoNotOptimize(article::guess_language(text));
  count(state, text);
}

void identity_of(benchmark::State& state) {
  const auto entry = entry_of("");
  for (auto _ : state) benchmark::DoNotOptimize(article::identity_of(entry));
}

BENCHMARK_CAPTURE(make_article, english_declared, english(), "en");
BENCHMARK_CAPTURE(make_article, english_guessed, english(), "");
BENCHMARK_CAPTURE(make_article, korean_declared, korean(), "ko");
BENCHMARK_CAPTURE(make_article, korean_guessed, korean(), "");
BENCHMARK_CAPTURE(make_article, plain_guessed, plain(), "");
BENCHMARK_CAPTURE(html_to_text, english, english());
BENCHMARK_CAPTURE(html_to_text, korean, korean());
BENCHMARK_CAPTURE(html_to_text, plain, plain());
BENCHMARK_CAPTURE(sanitize_html, english, english());
BENCHMARK_CAPTURE(sanitize_html, korean, korean());
BENCHMARK_CAPTURE(clean_text, plain, plain());
BENCHMARK_CAPTURE(guess_language, english, plain());
BENCHMARK(identity_of);

}  // namespace
