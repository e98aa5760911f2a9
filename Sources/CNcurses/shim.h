#ifndef CHAT_TUI_CNCURSES_SHIM_H
#define CHAT_TUI_CNCURSES_SHIM_H

#define NCURSES_WIDECHAR 1
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <wchar.h>
#include <curses.h>

/*
 * What Swift can't import by itself: macros that cast, globals that Swift takes
 * for unsafe, parameters that lack a const. One expression each, no logic.
 */

static inline WINDOW *chat_stdscr(void) { return stdscr; }
static inline WINDOW *chat_curscr(void) { return curscr; }
static inline FILE *chat_stdin(void) { return stdin; }
static inline FILE *chat_stdout(void) { return stdout; }
static inline int chat_colors(void) { return COLORS; }
static inline int chat_color_pairs(void) { return COLOR_PAIRS; }
static inline int chat_wcwidth(wchar_t character) { extern int wcwidth(wchar_t); return wcwidth(character); }
static inline const char *chat_codeset(void) { return nl_langinfo(CODESET); }

static inline attr_t chat_attribute_bold(void) { return A_BOLD; }
static inline attr_t chat_attribute_dim(void) { return A_DIM; }
static inline attr_t chat_attribute_reverse(void) { return A_REVERSE; }
static inline attr_t chat_attribute_underline(void) { return A_UNDERLINE; }
static inline attr_t chat_attribute_italic(void) { return A_ITALIC; }

static inline int chat_tigetflag(const char *name) { return tigetflag((char *)name); }
static inline int chat_tigetnum(const char *name) { return tigetnum((char *)name); }
static inline char *chat_tigetstr(const char *name) { return tigetstr((char *)name); }

#endif
