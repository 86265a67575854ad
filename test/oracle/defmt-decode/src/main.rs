//! `defmt-decode FIRMWARE.elf BYTES`: one JSON array a line for each message,
//! `[level, timestamp, file, line, text]`, as defmt's own decoder reads them.

use defmt_decoder::{DecodeError, Table};
use serde_json::json;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(elf), Some(bytes)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: defmt-decode FIRMWARE.elf BYTES");
        std::process::exit(2);
    };
    let elf = std::fs::read(elf).expect("the ELF can be read");
    let bytes = std::fs::read(bytes).expect("the bytes can be read");
    let table = Table::parse(&elf).expect("the table can be parsed").expect("the ELF has defmt");
    let locations = table.get_locations(&elf).expect("the locations can be read");
    let mut stream = table.new_stream_decoder();
    stream.received(&bytes);
    loop {
        match stream.decode() {
            Ok(frame) => {
                let place = locations.get(&frame.index());
                let line = json!([
                    frame.level().map(|level| level.as_str()),
                    frame.display_timestamp().map(|time| time.to_string()),
                    place.map(|place| place.file.display().to_string()),
                    place.map(|place| place.line),
                    frame.display_message().to_string(),
                ]);
                println!("{line}");
            }
            Err(DecodeError::UnexpectedEof) => break,
            Err(DecodeError::Malformed) => println!("{}", json!("malformed")),
        }
    }
}
