// Any bytes as HTML: no crash, and the laws of article/article.hpp hold.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "article/article.hpp"

namespace {

void require(bool holds, const char* law) {
  if (holds) return;
  std::fprintf(stderr, "broken: %s\n", law);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace article = dprkwatch::article;
  constexpr std::string_view kBase = "https://example.org/a/b?c";
  const std::string_view html(reinterpret_cast<const char*>(data), size);
  const auto text = article::html_to_text(html);
  require(article::clean_text(text) == text, "text is in canonical form");
  const auto safe = article::sanitize_html(html, kBase);
  require(article::sanitize_html(safe, kBase) == safe, "sanitising twice is sanitising once");
  for (const auto* never : {"<script", "<style", "<svg", "<math", "<iframe", "<object", "<form", "<!"}) {
    require(safe.find(never) == std::string::npos, "nothing active comes out");
  }
  const auto clean = article::clean_text(html);
  require(article::clean_text(clean) == clean, "cleaning twice is cleaning once");
  (void)article::guess_language(text);
  return 0;
}
