enum PlaceholderChatTransport {}
