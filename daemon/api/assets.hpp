#pragma once
// The files of the page, held in the program. Made from web/ by cmake/DprkwatchAssets.cmake. Private to api.

#include <span>
#include <string_view>

namespace dprkwatch::api {

struct Asset {
  std::string_view path;  // "/", "/app.js"
  std::string_view content_type;
  std::string_view bytes;
};

[[nodiscard]] std::span<const Asset> assets() noexcept;

}  // namespace dprkwatch::api
