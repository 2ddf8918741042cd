/* The header is plain C11, and the layout is the same there. */
#include "layout.h"

#if __STDC_VERSION__ < 201112L
#error "expected C11"
#endif

unsigned dprkwatch_abi_in_c(void);
unsigned dprkwatch_abi_in_c(void) { return DPRKWATCH_ABI_VERSION; }
