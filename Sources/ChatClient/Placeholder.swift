enum PlaceholderChatClient {}
