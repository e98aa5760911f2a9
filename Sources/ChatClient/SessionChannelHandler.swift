internal import ChatProtocol
internal import ChatSession
internal import NIOCore

/// Passes the events of a socket to the session.
final class SessionChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ServerEvent
    typealias OutboundOut = Request

    private let runner: SessionRunner
    private let generation: Int
    private var reason = "The server closed the connection."

    init(runner: SessionRunner, generation: Int) {
        self.runner = runner
        self.generation = generation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .response(let response): runner.take(.received(response), from: generation)
        case .suspect(let response): runner.take(.suspect(response), from: generation)
        case .unreadable(let error): runner.take(.unreadable(reason: error.description), from: generation)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        reason = ConnectionLoss.explanation(of: error)
        context.close(promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        runner.take(.closed(reason: reason), from: generation)
    }
}
