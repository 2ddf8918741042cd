#pragma once
// The command line: parses the words and calls the functions that the service calls too.

namespace dprkwatch::cli {

// Picks the verb and runs it. 0 done, 1 failed, 2 usage or configuration.
[[nodiscard]] int main(int argc, char** argv);

}  // namespace dprkwatch::cli
