# Writes a C++ file that holds files as bytes.
# usage: cmake -DOUTPUT=FILE.cpp -DASSETS=path|type|file;path|type|file... -P DprkwatchAssets.cmake
set(arrays "")
set(table "")
set(index 0)
foreach(asset IN LISTS ASSETS)
  string(REPLACE "|" ";" parts "${asset}")
  list(GET parts 0 path)
  list(GET parts 1 type)
  list(GET parts 2 file)
  file(READ "${file}" bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  # As single characters: compilers bound the length of a literal.
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  string(REGEX REPLACE "((.......){16})" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "constexpr char kBytes${index}[] = {\n${bytes}};\n")
  string(APPEND table "    Asset{\"${path}\", \"${type}\", {kBytes${index}, ${size}}},\n")
  math(EXPR index "${index} + 1")
endforeach()
file(WRITE "${OUTPUT}" "#include \"api/assets.hpp\"\n\n#include <array>\n\nnamespace dprkwatch::api {\nnamespace {\n${arrays}
constexpr std::array kAssets{\n${table}};\n}  // namespace\n
std::span<const Asset> assets() noexcept { return kAssets; }\n}  // namespace dprkwatch::api\n")
