package main

import (
	"encoding/binary"
	"io"
	"log"
	"net"
	"sync"
)

const (
	headerSize = 16
	opMsg      = 2013
	moreToCome = 1 << 1
)

// Hands connections on to the server, one message at a time over all of them: FerretDB finds what an update is
// about and updates it in two steps, so that two guarded updates at once could both win; MongoDB's are atomic.
func accept(listener net.Listener, server string, turn *sync.Mutex) {
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go relay(client, server, turn)
	}
}

func relay(client net.Conn, address string, turn *sync.Mutex) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		request, err := readMessage(client)
		if err != nil {
			return
		}
		reply, err := exchange(server, request, turn)
		if err != nil {
			return
		}
		// FerretDB answers even what wants no answer.
		if wantsNoReply(request) {
			continue
		}
		if _, err := client.Write(reply); err != nil {
			return
		}
	}
}

func exchange(server net.Conn, request []byte, turn *sync.Mutex) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	if _, err := server.Write(request); err != nil {
		return nil, err
	}
	return readMessage(server)
}

func readMessage(from io.Reader) ([]byte, error) {
	message := make([]byte, headerSize)
	if _, err := io.ReadFull(from, message); err != nil {
		return nil, err
	}
	size := binary.LittleEndian.Uint32(message)
	if size < headerSize || size > 64<<20 {
		return nil, io.ErrUnexpectedEOF
	}
	message = append(message, make([]byte, size-headerSize)...)
	_, err := io.ReadFull(from, message[headerSize:])
	return message, err
}

func wantsNoReply(message []byte) bool {
	return len(message) >= headerSize+4 &&
		binary.LittleEndian.Uint32(message[12:]) == opMsg &&
		binary.LittleEndian.Uint32(message[headerSize:])&moreToCome != 0
}
