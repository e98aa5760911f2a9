#ifndef CHAT_TUI_CMALLOC_SHIM_H
#define CHAT_TUI_CMALLOC_SHIM_H

/* The settings of the C library's allocator, which Swift's Glibc module leaves out. */
#include <malloc.h>

#endif
