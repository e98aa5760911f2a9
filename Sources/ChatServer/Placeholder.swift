enum PlaceholderChatServer {}
